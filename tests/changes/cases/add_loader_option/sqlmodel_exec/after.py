from sqlalchemy.orm import selectinload
from sqlmodel import Session, select

from app.models import Author


def read(session: Session):
    return session.exec(
        select(Author).offset(0).limit(20).options(selectinload(Author.books))
    ).all()
