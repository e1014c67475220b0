from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Author


def read(db: Session, name: str | None):
    stmt = select(Author).order_by(Author.id)
    if name:
        stmt = stmt.where(Author.name == name)
    rows = db.execute(stmt)
    return rows.scalars().all()
