from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """All of them."""

    name: str = "x"
    """What it is called."""

    class Config:
        env_file = ".env"
