from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models import Author, Person


def read(db: Session):
    return db.scalars(select(Author).options(selectinload(Person.notes))).all()
