from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Author


class Repository:
    def __init__(self, db: Session, model):
        self.db, self.model = db, model

    def all(self):
        return self.db.scalars(select(self.model)).all()
