from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/")
def report(ids: list[int] | None = None, x: Annotated[int, Query(gt=1)] = 2):
    return ids
