from sqlalchemy.orm import Session, selectinload

from app import queries
from app.models import Author


def read(db: Session):
    return db.scalars(
        queries.active_authors().options(selectinload(Author.books))
    ).all()
