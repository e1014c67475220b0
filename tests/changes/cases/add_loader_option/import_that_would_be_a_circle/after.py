from sqlalchemy import select
from sqlalchemy.orm import Session, object_session, selectinload

from app.base import Base


class Author(Base):
    def found(self):
        """Find."""
        from app.book import Book

        db = object_session(self)
        return db.scalars(
            select(Author).options(selectinload(Author.books).selectinload(Book.copies))
        ).all()
