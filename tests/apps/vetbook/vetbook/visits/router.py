from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Security
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from vetbook.db import Db
from vetbook.patients.router import get_or_404
from vetbook.users.models import User
from vetbook.users.router import UserOut
from vetbook.users.security import get_current_active_user
from vetbook.visits.models import Visit

router = APIRouter(prefix="/patients/{patient_id}/visits", tags=["visits"])


class VisitIn(BaseModel):
    note: str


class VisitOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    note: str
    at: datetime
    vet: UserOut


def find(db: Db, patient_id: int, visit_id: int) -> Visit:
    visit = db.get(Visit, visit_id)
    if not visit or visit.patient_id != patient_id:
        raise HTTPException(status_code=404, detail="Visit not found")
    return visit


@router.get("", response_model=list[VisitOut], dependencies=[Security(get_current_active_user, scopes=["visits:read"])])
async def list_visits(patient_id: int, db: Db):
    return db.scalars(select(Visit).filter_by(patient_id=patient_id).order_by(Visit.id)).all()


@router.post("", response_model=VisitOut, status_code=201)
async def write_visit(
    patient_id: int,
    body: VisitIn,
    db: Db,
    vet: Annotated[User, Security(get_current_active_user, scopes=["visits:write"])],
):
    get_or_404(db, patient_id)
    visit = Visit(patient_id=patient_id, note=body.note, vet=vet)
    db.add(visit)
    db.commit()
    db.refresh(visit)
    return visit


@router.put("/{visit_id}", response_model=VisitOut)
async def correct_visit(
    patient_id: int,
    visit_id: int,
    body: VisitIn,
    db: Db,
    vet: Annotated[User, Security(get_current_active_user, scopes=["visits:read", "visits:write"])],
):
    visit = find(db, patient_id, visit_id)
    if visit.vet_username != vet.username:
        raise HTTPException(status_code=403, detail="Only who wrote it corrects it")
    visit.note = body.note
    db.commit()
    return visit


@router.delete("/{visit_id}", status_code=204)
async def delete_visit(patient_id: int, visit_id: int, db: Db):
    db.delete(find(db, patient_id, visit_id))
    db.commit()
