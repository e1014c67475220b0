from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Author as Writer


def read(db: Session, Author: str):
    return db.scalars(select(Writer)).all()
