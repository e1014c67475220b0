"""Everything that can be configured, read once from the environment or from `.env`."""

import os
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Literal, Self

from limits import parse
from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_SECRET = "development-only-secret-change-me-0123456789"  # noqa: S105 - refused in production
MINIMUM_SECRET_BYTES = 32


class Environment(StrEnum):
    """Where the application runs; production refuses what development tolerates."""

    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


def _with_async_driver(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    if scheme in ("postgres", "postgresql"):  # as hosting providers hand it out
        scheme = "postgresql+asyncpg"
    return f"{scheme}{separator}{rest}"


def _understood(limit: str) -> str:
    parse(limit)
    return limit


DatabaseUrl = Annotated[str, AfterValidator(_with_async_driver)]
RedisUrl = Annotated[str, Field(pattern=r"^(rediss?|unix)://")]
Limit = Annotated[str, AfterValidator(_understood), Field(examples=["300/minute", "5 per 10 seconds"])]
WebAddress = Annotated[str, Field(pattern=r"^https?://"), AfterValidator(lambda url: url.rstrip("/"))]


class Settings(BaseSettings):
    """Each field is the environment variable of the same name in upper case; lists are written as JSON."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    environment: Environment = Environment.DEVELOPMENT
    project_name: str = "backend"
    public_url: WebAddress = "http://localhost:8000"
    secret_key: SecretStr = SecretStr(DEVELOPMENT_SECRET)
    allowed_hosts: list[str] = []  # empty: any; otherwise what the Host header may say
    cors_origins: list[str] = []
    docs_enabled: bool = True
    metrics_token: SecretStr | None = None  # what /metrics wants as a bearer token; without it, /metrics is open
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_json: bool = True

    database_url: DatabaseUrl = "sqlite+aiosqlite:///./app.db"
    database_pool_size: int = 10
    database_max_overflow: int = 5
    database_pool_timeout: float = 5.0
    database_statement_timeout_ms: int = 15_000

    redis_url: RedisUrl | None = None  # where several processes share limits, cache and ended logins

    tasks_url: RedisUrl | None = None  # where workers are told of new work; without it, this process does it
    run_tasks: bool = True  # false: leave the work of the outbox to other processes in any case

    max_body_bytes: Annotated[int, Field(gt=0)] = 1_000_000
    rate_limit: Limit = "300/minute"
    auth_account_limit: Limit = "5/minute"
    auth_address_limit: Limit = "20/minute"

    access_token_seconds: Annotated[int, Field(gt=0)] = 600
    refresh_token_days: Annotated[int, Field(gt=0)] = 30
    refresh_grace_seconds: Annotated[int, Field(ge=0, le=60)] = 10
    principal_cache_seconds: Annotated[int, Field(ge=0, le=60)] = 5
    verification_token_hours: Annotated[int, Field(gt=0)] = 24
    reset_token_minutes: Annotated[int, Field(gt=0)] = 30

    # The minimum that OWASP's password storage guide names for argon2id; raise it as far as the login latency allows.
    argon2_memory_kib: int = 19_456
    argon2_time_cost: int = 2
    argon2_parallelism: int = 1
    # How many passwords are hashed at a time; requests have the other processors.
    hashing_workers: Annotated[int, Field(gt=0)] = max(1, (os.cpu_count() or 2) // 2)

    smtp_url: SecretStr | None = None
    mail_from: str = "noreply@localhost"

    @model_validator(mode="after")
    def _refuse_unsafe_production(self) -> Self:
        if self.environment is not Environment.PRODUCTION:
            return self
        secret = self.secret_key.get_secret_value()
        if secret == DEVELOPMENT_SECRET or len(secret.encode()) < MINIMUM_SECRET_BYTES:
            raise ValueError(f"SECRET_KEY has to be a secret of at least {MINIMUM_SECRET_BYTES} bytes in production")
        if not self.public_url.startswith("https://"):
            raise ValueError("PUBLIC_URL has to be an https:// address in production: mailed links carry tokens")
        if "*" in self.cors_origins:
            raise ValueError("CORS_ORIGINS has to list its origins in production, '*' is refused")
        if self.smtp_url is None:
            raise ValueError("SMTP_URL has to be set in production, or nobody can verify an e-mail address")
        return self


@lru_cache
def get_settings() -> Settings:
    """Return the settings of this process."""
    return Settings()
