from sqlalchemy.orm import Session

from app import queries


def read(db: Session):
    return db.scalars(queries.active_authors()).all()
