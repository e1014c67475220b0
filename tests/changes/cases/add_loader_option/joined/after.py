from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models import Author


def read(db: Session):
    return db.scalars(select(Author).options(joinedload(Author.country))).all()
