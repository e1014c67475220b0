from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from app.base import Base


class Author(Base):
    def found(self):
        """Find."""
        db = object_session(self)
        return db.scalars(select(Author)).all()
