from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    # what it is
    def url(self): return 1
