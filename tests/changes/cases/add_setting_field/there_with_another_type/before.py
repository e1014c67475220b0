from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    redis_url: int = 1
