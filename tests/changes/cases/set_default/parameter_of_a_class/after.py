from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/")
def search(): ...


class Filters:
    def __init__(self, q: str | None = None):
        self.q = q
