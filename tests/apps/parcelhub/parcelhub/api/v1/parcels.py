from fastapi import APIRouter, Depends, HTTPException, Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from ...db import db_session
from ...guards import needs_role
from ...models import Parcel, Scan
from ...schemas import ParcelIn, ParcelOut, ScanIn, ScanOut

router = APIRouter()


def one(db: Session, parcel_id: int) -> Parcel:
    p = db.get(Parcel, parcel_id)
    if p is None:
        raise HTTPException(404)
    return p


@router.get("", response_model=list[ParcelOut])
def parcels(depot: str | None = None, limit: int = Query(25, ge=1, le=250), db: Session = Depends(db_session)):
    stmt = select(Parcel).order_by(Parcel.id).limit(limit)
    if depot:
        stmt = stmt.where(Parcel.depot.has(code=depot))
    return db.scalars(stmt).all()


@router.get("/{parcel_id}", response_model=ParcelOut)
def parcel(parcel_id: int, db: Session = Depends(db_session)):
    return one(db, parcel_id)


@router.post("", response_model=ParcelOut, status_code=201, dependencies=[Depends(needs_role("dispatcher", "admin"))])
def accept_parcel(body: ParcelIn, db: Session = Depends(db_session)):
    p = Parcel(**body.model_dump(), scans=[Scan(what="in")])
    db.add(p)
    db.flush()
    return p


@router.post("/{parcel_id}/scans", response_model=ScanOut, status_code=201)
def scan(parcel_id: int, body: ScanIn, db: Session = Depends(db_session)):
    s = Scan(what=body.what, parcel=one(db, parcel_id))
    db.add(s)
    db.flush()
    return s
