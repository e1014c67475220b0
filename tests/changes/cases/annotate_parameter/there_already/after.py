from typing import Annotated

from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/")
def report(ids: Annotated[list[int], Query()]):
    return ids
