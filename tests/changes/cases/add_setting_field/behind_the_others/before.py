from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    name: str = "x"
    debug: bool = False  # loud

    model_config = {"env_file": ".env"}

    @property
    def url(self): return 1


settings = Settings()
