from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.models import Author, Book


def read(db: Session):
    return (
        db.scalars(
            select(Author).options(joinedload(Author.books).selectinload(Book.copies))
        )
        .unique()
        .all()
    )
