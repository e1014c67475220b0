from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models import Author


def read(db: Session):
    return {
        'größe': 'ß',
        'autoren': db.scalars(select(Author).options(selectinload(Author.books))).all(),
    }
