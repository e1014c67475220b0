from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy.orm import Session

from ....db import db_session
from ....models import Depot
from ....schemas import DepotIn, DepotOut

router = APIRouter()


@router.post("", response_model=DepotOut, status_code=201)
def open_depot(body: DepotIn, db: Session = Depends(db_session)):
    d = Depot(**body.model_dump())
    db.add(d)
    db.flush()
    return d


@router.delete("/{depot_id}", status_code=204)
def close_depot(depot_id: int, db: Session = Depends(db_session)):
    d = db.get(Depot, depot_id)
    if d is None:
        raise HTTPException(404)
    if d.parcels:
        raise HTTPException(409, "There are still parcels in it")
    db.delete(d)
