from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str
    jwt_key: SecretStr
    page_cap: int = 100


settings = Settings()
