from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Author


class Authors:
    def __init__(self, db: Session) -> None:
        self._db = db

    def all(self):
        return self._db.scalars(select(Author).order_by(Author.name)).all()
