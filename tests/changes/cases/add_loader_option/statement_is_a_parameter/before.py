from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Author


def run(db: Session, stmt):
    stmt = stmt.limit(100)
    return db.scalars(stmt).all()
