from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Author, Book


def read(db: Session):
    return db.scalars(select(Book)).all()
