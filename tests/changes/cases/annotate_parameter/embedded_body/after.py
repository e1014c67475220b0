from typing import Annotated

from fastapi import Body, FastAPI

app = FastAPI()


@app.get("/")
def report(name: Annotated[str, Body(embed=True)], ids: int):
    return ids
