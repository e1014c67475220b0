from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models import Author


def read(db: Session, skip: int):
    q = db.query(Author)
    q = q.filter(Author.active)
    return q.offset(skip).options(selectinload(Author.books)).all()
