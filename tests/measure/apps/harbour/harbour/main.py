from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.orm import Session

from harbour.office import office
from harbour.store import Ship, session

app = FastAPI(title="Harbour")
app.mount("/office", office)


@app.get("/arrivals")
def arrivals(db: Session = Depends(session)) -> list[str]:
    return [ship.name for ship in db.scalars(select(Ship).order_by(Ship.id.desc()).limit(20))]
