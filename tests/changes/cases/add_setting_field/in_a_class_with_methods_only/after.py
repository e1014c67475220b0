from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    redis_url: str
    # what it is
    def url(self): return 1
