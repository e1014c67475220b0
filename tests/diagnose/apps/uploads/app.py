"""Forms and files, with a router and a prefix."""

from typing import Annotated, List

from fastapi import APIRouter, FastAPI, File, Form, HTTPException, UploadFile
from fastapi.security import OAuth2PasswordRequestForm
from fastapi import Depends
from pydantic import BaseModel

router = APIRouter(prefix="/api/v1")


class Caption(BaseModel):
    title: str
    lang: str = "en"


class Contact(BaseModel):
    name: str
    age: int


@router.post("/login")
def login(form: Annotated[OAuth2PasswordRequestForm, Depends()]):
    return {"access_token": form.username, "token_type": "bearer"}


@router.post("/contact/")
def contact(data: Annotated[Contact, Form()]):
    return data


@router.post("/feedback")
def feedback(stars: int = Form(ge=1, le=5), comment: str = Form(max_length=50)):
    return stars


@router.post("/pictures")
async def picture(image: UploadFile, title: Annotated[str, Form()]):
    return {"name": image.filename, "size": len(await image.read())}


@router.post("/documents")
async def documents(files: List[UploadFile] = File(...)):
    return [f.filename for f in files]


@router.post("/captioned")
async def captioned(caption: Caption, image: UploadFile = File()):
    return caption


@router.post("/avatars")
async def avatar(avatar: UploadFile):
    if avatar.content_type not in ("image/png", "image/jpeg"):
        raise HTTPException(415, "only PNG and JPEG")
    return avatar.filename


@router.post("/captions")
async def caption_only(caption: Caption):
    return caption


app = FastAPI()
app.include_router(router)
