from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models import Author


def read(db: Session):
    return [
        author.name
        for author in db.query(Author).limit(5).options(selectinload(Author.books))
    ]
