from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shelfmark.models import Progress

Isbn = Annotated[str, StringConstraints(pattern=r"^97[89]\d{10}$")]


class FromOrm(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ReaderNew(BaseModel):
    username: str = Field(min_length=3, max_length=30)
    password: str = Field(min_length=8)


class ReaderView(FromOrm):
    id: int
    username: str
    is_librarian: bool


class TokenView(BaseModel):
    access_token: str
    token_type: str = "bearer"


class BookNew(BaseModel):
    isbn: Isbn
    title: str
    author: str
    pages: int | None = Field(None, gt=0)


class BookView(FromOrm):
    isbn: str
    title: str
    author: str
    pages: int | None


class EntryNew(BaseModel):
    isbn: Isbn
    progress: Progress = Progress.WANT


class EntryPatch(BaseModel):
    progress: Progress | None = None
    rating: int | None = Field(None, ge=1, le=5)


class EntryView(FromOrm):
    id: int
    progress: Progress
    rating: int | None
    book: BookView
