from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from .models import Author, Book


def read(db: Session):
    return db.scalars(
        select(Author).options(selectinload(Author.books).selectinload(Book.copies))
    ).all()
