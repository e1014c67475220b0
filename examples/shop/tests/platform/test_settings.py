"""Production refuses what development tolerates."""

from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from app.settings import DEVELOPMENT_SECRET, Environment, Settings, get_settings

GOOD: dict[str, Any] = {
    "environment": Environment.PRODUCTION,
    "secret_key": SecretStr("k" * 32),
    "smtp_url": SecretStr("smtps://mail.example"),
    "public_url": "https://api.example.com",
}


def make(**changes: Any) -> Settings:
    return Settings(_env_file=None, **GOOD | changes)


def test_complete_production_settings_are_accepted() -> None:
    assert make().environment is Environment.PRODUCTION


@pytest.mark.parametrize(
    ("changes", "variable"),
    [
        ({"secret_key": SecretStr("short")}, "SECRET_KEY"),
        ({"secret_key": SecretStr(DEVELOPMENT_SECRET)}, "SECRET_KEY"),
        ({"cors_origins": ["*"]}, "CORS_ORIGINS"),
        ({"smtp_url": None}, "SMTP_URL"),
        ({"public_url": "http://api.example.com"}, "PUBLIC_URL"),
    ],
)
def test_production_refuses_to_start_and_names_the_variable(changes: dict[str, object], variable: str) -> None:
    with pytest.raises(ValidationError, match=variable) as error:
        make(**changes)

    assert "short" not in str(error.value)
    assert make(**changes, environment=Environment.DEVELOPMENT).environment is Environment.DEVELOPMENT


def test_settings_come_from_variables_of_the_same_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCESS_TOKEN_SECONDS", "120")
    monkeypatch.setenv("CORS_ORIGINS", '["https://a.example"]')

    settings = Settings(_env_file=None)

    assert settings.access_token_seconds == 120
    assert settings.cors_origins == ["https://a.example"]


@pytest.mark.parametrize("limit", ["many", "5/fortnight", ""])
def test_a_limit_that_cannot_be_read_is_refused_at_the_start(limit: str) -> None:
    with pytest.raises(ValidationError, match="rate_limit"):
        make(rate_limit=limit)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+asyncpg"])
def test_an_address_as_hosting_providers_write_it_gets_the_async_driver(scheme: str) -> None:
    settings = make(database_url=f"{scheme}://user:pw@db.example/shop")

    assert settings.database_url == "postgresql+asyncpg://user:pw@db.example/shop"


def test_a_slash_at_the_end_of_the_public_address_makes_no_difference() -> None:
    assert make(public_url="https://api.example.com/").public_url == "https://api.example.com"


def test_settings_are_read_once() -> None:
    get_settings.cache_clear()

    assert get_settings() is get_settings()
    get_settings.cache_clear()


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    assert "kkk" not in repr(make())
