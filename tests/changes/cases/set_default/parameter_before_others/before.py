from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/")
def search(q: str | None, page: int, size: int = 5):
    return q
