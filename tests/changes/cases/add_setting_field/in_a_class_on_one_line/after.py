from pydantic_settings import BaseSettings


class Settings(BaseSettings):  # none yet
    redis_url: str = "redis://localhost"

settings = Settings()
