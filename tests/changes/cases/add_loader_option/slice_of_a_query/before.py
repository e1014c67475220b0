from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Author


def read(db: Session, skip: int):
    return db.query(Author)[skip : skip + 10]
