from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/")
def report(
    ids: Annotated[list[int] | None, Query()] = None, x: Annotated[int, Query(gt=1)] = 2
):
    return ids
