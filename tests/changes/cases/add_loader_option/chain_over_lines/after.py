from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models import Author


def read(db: Session):
    return (
        db.query(Author)
        .filter(Author.active)  # no ghosts
        .order_by(Author.id)
        .options(selectinload(Author.books))
        .all()
    )
