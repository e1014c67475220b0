from typing import Annotated

from fastapi import FastAPI, File, Form, HTTPException, Request, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

LIMIT = 2000


class Limit:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http":
            length = dict(scope["headers"]).get(b"content-length", b"0")
            if int(length) > LIMIT:
                await PlainTextResponse("too big", 413)(scope, receive, send)
                return
        await self.app(scope, receive, send)


app = FastAPI()
app.add_middleware(Limit)


@app.exception_handler(RequestValidationError)
async def bad(request, error):
    return PlainTextResponse("your request is wrong", 400)


class Contact(BaseModel):
    name: str = Field(min_length=2)
    phone: str = Field(pattern=r"^\+\d{6,}$")
    wishes: list[str] = []
    model_config = {"extra": "forbid"}


class Print(BaseModel):
    title: str
    width: int = Field(ge=10)
    copies: int = 1


@app.post("/contact")
def contact(data: Annotated[Contact, Form()]):
    return {"name": data.name, "wishes": data.wishes}


@app.post("/prints")
def prints(order: Print):
    return {"cost": order.width * order.copies}


@app.post("/albums")
async def albums(title: Annotated[str, Form()], photos: list[UploadFile], cover: Annotated[int, Form(ge=0)] = 0):
    if len(photos) > 3:
        raise HTTPException(400, "three photos at most")
    if cover >= len(photos):
        raise HTTPException(400, "the cover is none of the photos")
    return {"title": title, "photos": [photo.filename for photo in photos]}


@app.post("/negatives")
async def negatives(scan: Annotated[bytes, File()], iso: Annotated[int, Form()] = 100):
    return {"bytes": len(scan), "iso": iso}


@app.post("/batch")
def batch(orders: list[Print], rush: bool = False):
    return {"orders": len(orders), "rush": rush}


@app.post("/frames", status_code=201)
async def frames(request: Request):
    if request.headers.get("content-type") != "application/json":
        raise HTTPException(415, "send application/json")
    data = await request.json()
    if "size" not in data:
        raise HTTPException(422, "size is missing")
    return data


@app.post("/swap")
def swap(first: Print, second: Print):
    return {"first": second, "second": first}
