from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models import Author


def read(db: Session):
    found = []
    for author in db.query(Author).options(selectinload(Author.books)):
        found.append(author.name)
    return found
