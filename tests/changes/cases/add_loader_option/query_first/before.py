from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Author


def read(db: Session, key: int):
    return db.query(Author).filter(Author.id == key).first()
