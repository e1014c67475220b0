from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import select

from shelfmark.auth import Db, require_librarian
from shelfmark.models import Book
from shelfmark.schemas import BookNew, BookView

router = APIRouter(prefix="/books", tags=["books"])


@router.get("", response_model=list[BookView])
def find_books(db: Db, author: str | None = None):
    query = select(Book).order_by(Book.title)
    if author:
        query = query.where(Book.author.icontains(author))
    return db.scalars(query).all()


@router.post("", response_model=BookView, status_code=201, dependencies=[Depends(require_librarian)])
def add_book(new: BookNew, db: Db):
    if db.get(Book, new.isbn):
        raise HTTPException(409, "We have that one")
    book = Book(**new.model_dump())
    db.add(book)
    db.commit()
    return book


@router.get("/{isbn}", response_model=BookView)
def get_book(isbn: str, db: Db):
    if book := db.get(Book, isbn):
        return book
    raise HTTPException(404)


@router.delete("/{isbn}", status_code=204, dependencies=[Depends(require_librarian)])
def remove_book(isbn: str, db: Db):
    if book := db.get(Book, isbn):
        db.delete(book)
        db.commit()
        return
    raise HTTPException(404)
