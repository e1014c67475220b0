from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Author


def read(db: Session, names_of_authors: list[str], per_page: int, start: int):
    authors = db.execute(
        # only  those that are asked for
        select(Author).where(Author.name.in_(names_of_authors)).limit(per_page).offset(start)
    ).scalars().all()
    return authors
