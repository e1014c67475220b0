from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from ...db import db_session
from ...guards import staff_member
from ...models import Depot, Staff
from ...schemas import DepotOut, StaffOut

router = APIRouter(prefix="/depots", dependencies=[Depends(staff_member)])


@router.get("/", response_model=list[DepotOut])
def depots(db: Session = Depends(db_session)):
    return db.scalars(select(Depot).order_by(Depot.code)).all()


@router.get("/colleagues", response_model=list[StaffOut])
def colleagues(me: Staff = Depends(staff_member)):
    return me.depot.staff if me.depot else []
