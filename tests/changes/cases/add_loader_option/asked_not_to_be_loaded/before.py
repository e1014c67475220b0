from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from app.models import Author


def read(db: Session):
    return db.scalars(select(Author).options(lazyload(Author.books))).all()
