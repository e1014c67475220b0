from pydantic_settings import BaseSettings


class Settings(BaseSettings): pass  # none yet

settings = Settings()
