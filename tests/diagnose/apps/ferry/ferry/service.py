from sqlalchemy import select
from sqlalchemy.orm import Session

from .db import Crossing, Harbour
from .errors import Conflict, FerryError, NotFound


class CrossingService:
    def __init__(self, db: Session):
        self.db = db

    def open(self, origin: str, ship: str, seats: int) -> Crossing:
        if self.db.get(Harbour, origin) is None:
            raise NotFound(f"no harbour {origin}")
        if self.db.scalar(select(Crossing).where(Crossing.ship == ship)):
            raise Conflict(f"{ship} sails already")
        if seats % 2:
            raise FerryError("seats come in pairs")
        crossing = Crossing(origin_code=origin, ship=ship, seats=seats)
        self.db.add(crossing)
        self.db.commit()
        self.db.refresh(crossing)
        return crossing

    def get(self, crossing_id: int) -> Crossing:
        crossing = self.db.get(Crossing, crossing_id)
        if not crossing:
            raise NotFound("no such crossing")
        return crossing
