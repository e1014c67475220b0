from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from harbour.store import Ship, session

office = FastAPI(title="Harbour office")


@office.get("/ships")
def ships(db: Session = Depends(session)):
    found = db.scalars(select(Ship).order_by(Ship.id).limit(100)).all()
    return [{"ship": ship.name, "quays": [berth.quay for berth in ship.berths]} for ship in found]
