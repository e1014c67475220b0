from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Author


def read(db: Session):
    return list(db.query(Author))
