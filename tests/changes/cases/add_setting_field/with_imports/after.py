from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
	name: str
	secret: SecretStr = Field(min_length=32)
