from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import select
from sqlalchemy.orm import Session

from ...db import db_session
from ...models import Parcel
from ...schemas import ScanOut, TrackOut

router = APIRouter()


@router.get("/{tracking}")
def track(tracking: str, db: Session = Depends(db_session)) -> TrackOut:
    parcel = db.scalar(select(Parcel).where(Parcel.tracking == tracking))
    if not parcel:
        raise HTTPException(404, "We do not know this number")
    return TrackOut(
        tracking=parcel.tracking,
        city=parcel.depot.city,
        history=[ScanOut.model_validate(s) for s in parcel.scans],
    )
