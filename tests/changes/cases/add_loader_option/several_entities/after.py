from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models import Author


def read(db: Session):
    return db.execute(
        select(Author, Author.id)
        .join(Author.country)
        .options(selectinload(Author.books))
    ).all()
