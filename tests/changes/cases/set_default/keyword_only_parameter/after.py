from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/")
async def search(*, q: Annotated[str | None, Query()] = None, page: int):
    return q
