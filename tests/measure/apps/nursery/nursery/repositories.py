from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from nursery.entities import Plant

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class PlantRepository:
    """All access to plants."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def cheapest(self, count: int) -> Sequence[Plant]:
        query = select(Plant).order_by(Plant.price_cents, Plant.id).limit(count)
        return self._session.scalars(query).all()

    def count(self) -> int:
        return self._session.scalar(select(func.count()).select_from(Plant)) or 0
