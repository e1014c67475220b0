from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models import Author


def read(db: Session):
    stmt = select(Author)
    return db.scalars(select(Author).options(selectinload(Author.country)).limit(10)).all()
