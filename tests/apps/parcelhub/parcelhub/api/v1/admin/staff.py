import secrets

from fastapi import APIRouter, Depends, HTTPException
from sqlalchemy import select
from sqlalchemy.orm import Session

from ....db import db_session
from ....guards import staff_member
from ....models import Staff
from ....schemas import NewStaffOut, StaffIn, StaffOut

router = APIRouter()


@router.get("", response_model=list[StaffOut])
def all_staff(db: Session = Depends(db_session)):
    return db.scalars(select(Staff).order_by(Staff.login)).all()


@router.post("", response_model=NewStaffOut, status_code=201)
def hire(body: StaffIn, db: Session = Depends(db_session)):
    s = Staff(**body.model_dump(), token=secrets.token_hex(32))
    db.add(s)
    db.flush()
    return s


@router.delete("/{staff_id}", status_code=204)
def fire(staff_id: int, db: Session = Depends(db_session), me: Staff = Depends(staff_member)):
    s = db.get(Staff, staff_id)
    if s is None:
        raise HTTPException(404)
    if s.id == me.id:
        raise HTTPException(409, "Not yourself")
    db.delete(s)
