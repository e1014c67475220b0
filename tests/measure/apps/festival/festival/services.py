from sqlalchemy import select
from sqlalchemy.orm import Session

from .models import Stage


def programme(db: Session, limit: int) -> list[Stage]:
    stmt = select(Stage).order_by(Stage.id)
    if limit:
        stmt = stmt.limit(limit)
    return list(db.execute(stmt).scalars())
