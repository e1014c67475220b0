from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    pass
    redis_url: str = "redis://localhost"
