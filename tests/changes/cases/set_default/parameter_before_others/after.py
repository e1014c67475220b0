from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/")
def search(page: int, q: str | None = None, size: int = 5):
    return q
