from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from depot.orm import Depot, Pallet
from depot.repository import Repository

engine = create_engine("sqlite:///depot.db")
app = FastAPI()


def session():
    with Session(engine) as opened:
        yield opened


@app.get("/depots")
def depots(limit: int = 50, db: Session = Depends(session)):
    return [
        {"town": depot.town, "weight": sum(pallet.weight for pallet in depot.pallets)}
        for depot in Repository(Depot, db).list(limit)
    ]


@app.get("/pallets")
def pallets(limit: int = 50, db: Session = Depends(session)):
    return [{"weight": pallet.weight, "town": pallet.depot.town} for pallet in Repository(Pallet, db).list(limit)]
