from functools import lru_cache

from pydantic import Field, PostgresDsn, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", env_nested_delimiter="__")

    database_url: PostgresDsn
    jwt_secret: SecretStr = Field(default=SecretStr("h4rb0ur-dev-key"))  # found: hardcoded-secret
    smtp_password: SecretStr
    origins: list[str] = ["https://harbour.example"]
    page_max: int = 200


@lru_cache
def settings() -> Settings:
    return Settings()
