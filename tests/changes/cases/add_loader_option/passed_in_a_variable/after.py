from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models import Author


def read(db: Session, repo):
    statement = select(Author)
    return repo.all(statement=statement.options(selectinload(Author.books)))
