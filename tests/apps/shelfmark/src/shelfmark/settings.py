from functools import lru_cache

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    database_url: str
    secret: SecretStr = Field(min_length=32)
    signup_open: bool = True
    token_hours: int = 24


@lru_cache
def get_settings() -> Settings:
    return Settings()  # type: ignore[call-arg]
