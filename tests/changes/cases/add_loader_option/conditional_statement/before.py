from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Author


def read(db: Session, all_of_them: bool):
    return db.scalars(select(Author) if all_of_them else select(Author).limit(3)).all()
