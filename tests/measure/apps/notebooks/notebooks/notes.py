from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from notebooks.db import Base, DbDep
from notebooks.users import CurrentUser, User


class Note(Base):
    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    owner: Mapped[User] = relationship()
    links: Mapped[list["Link"]] = relationship(order_by="Link.id", cascade="all, delete-orphan")


class Link(Base):
    __tablename__ = "links"
    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str]
    note_id: Mapped[int] = mapped_column(ForeignKey("notes.id"))


class LinkOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    url: str


class NoteOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    text: str
    links: list[LinkOut]


router = APIRouter(prefix="/notes", tags=["notes"])


@router.get("", response_model=list[NoteOut])
def my_notes(db: DbDep, user: CurrentUser):
    mine = select(Note).where(Note.owner_id == user.id).order_by(Note.id).limit(100)
    return db.scalars(mine).all()


@router.get("/{note_id}", response_model=NoteOut)
def my_note(note_id: int, db: DbDep, user: CurrentUser):
    note = db.get(Note, note_id)
    if note is None or note.owner_id != user.id:
        raise HTTPException(404)
    return note
