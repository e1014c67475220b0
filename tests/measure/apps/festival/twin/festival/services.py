from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from .models import Slot, Stage


def programme(db: Session, limit: int) -> list[Stage]:
    stmt = select(Stage).order_by(Stage.id).options(selectinload(Stage.slots).selectinload(Slot.performers))
    if limit:
        stmt = stmt.limit(limit)
    return list(db.execute(stmt).scalars())
