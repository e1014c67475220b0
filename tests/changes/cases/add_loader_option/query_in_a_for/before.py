from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Author


def read(db: Session):
    found = []
    for author in db.query(Author):
        found.append(author.name)
    return found
