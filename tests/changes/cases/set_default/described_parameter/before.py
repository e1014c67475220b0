from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/")
def search(q: str | None = Query(), page: int = Query(...)):
    return q
