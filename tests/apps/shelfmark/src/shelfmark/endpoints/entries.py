from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import select

from shelfmark.auth import Db, Me, current_reader
from shelfmark.models import Book, Entry, Progress
from shelfmark.schemas import EntryNew, EntryPatch, EntryView

# nothing here is for strangers
router = APIRouter(prefix="/list", tags=["list"], dependencies=[Depends(current_reader)])


@router.get("", response_model=list[EntryView])
def my_list(me: Me, db: Db, progress: Progress | None = None):
    query = select(Entry).where(Entry.reader_id == me.id).order_by(Entry.added)
    if progress:
        query = query.where(Entry.progress == progress)
    return db.scalars(query).all()


@router.post("", response_model=EntryView, status_code=201)
def add_to_list(new: EntryNew, me: Me, db: Db):
    if not db.get(Book, new.isbn):
        raise HTTPException(404, "We do not have that book")
    if any(e.isbn == new.isbn for e in me.entries):
        raise HTTPException(409, "It is on your list")
    entry = Entry(reader_id=me.id, isbn=new.isbn, progress=new.progress)
    db.add(entry)
    db.commit()
    return entry


@router.patch("/{entry_id}", response_model=EntryView)
def change_entry(entry_id: int, patch: EntryPatch, me: Me, db: Db):
    entry = db.get(Entry, entry_id)
    if entry is None or entry.reader_id != me.id:
        raise HTTPException(404)
    for field, value in patch.model_dump(exclude_unset=True).items():
        setattr(entry, field, value)
    db.commit()
    return entry


@router.get("/ratings/{isbn}")
def average_rating(isbn: str, db: Db) -> dict[str, float | None]:
    ratings = db.scalars(select(Entry.rating).where(Entry.isbn == isbn, Entry.rating.is_not(None))).all()
    return {"average": sum(ratings) / len(ratings) if ratings else None}
