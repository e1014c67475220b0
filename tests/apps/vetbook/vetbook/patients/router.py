from datetime import date
from typing import Annotated

from fastapi import APIRouter, HTTPException, Security
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from vetbook.db import Db
from vetbook.patients.models import Owner, Patient
from vetbook.users.models import User
from vetbook.users.security import get_current_active_user, staff_only

router = APIRouter(prefix="/patients", tags=["patients"])

CanRead = Annotated[User, Security(get_current_active_user, scopes=["patients:read"])]
CanWrite = Annotated[User, Security(get_current_active_user, scopes=["patients:write"])]


class OwnerIn(BaseModel):
    name: str
    phone: str


class PatientIn(BaseModel):
    name: str
    species: str
    born: date | None = None
    owner: OwnerIn


class OwnerOut(OwnerIn):
    model_config = ConfigDict(from_attributes=True)


class PatientOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str
    species: str
    born: date | None
    in_ward: bool
    owner: OwnerOut


def get_or_404(db: Db, patient_id: int) -> Patient:
    patient = db.get(Patient, patient_id)
    if not patient:
        raise HTTPException(status_code=404, detail="Patient not found")
    return patient


@router.get("", response_model=list[PatientOut])
async def list_patients(user: CanRead, db: Db, species: str | None = None):
    query = select(Patient).order_by(Patient.name)
    if species is not None:
        query = query.filter_by(species=species)
    return db.scalars(query).all()


@router.get("/{patient_id}", response_model=PatientOut)
async def get_patient(patient_id: int, user: CanRead, db: Db):
    return get_or_404(db, patient_id)


@router.post("", response_model=PatientOut, status_code=201)
async def admit_patient(body: PatientIn, user: CanWrite, db: Db):
    owner = db.scalars(select(Owner).filter_by(phone=body.owner.phone)).first() or Owner(**body.owner.model_dump())
    patient = Patient(name=body.name, species=body.species, born=body.born, owner=owner)
    db.add(patient)
    db.commit()
    return patient


@router.post("/{patient_id}/ward", response_model=PatientOut)
async def keep_in_ward(patient_id: int, user: CanWrite, db: Db):
    patient = get_or_404(db, patient_id)
    patient.in_ward = True
    db.commit()
    return patient


@router.post("/{patient_id}/discharge", response_model=PatientOut)
async def discharge(patient_id: int, db: Db, staff: Annotated[bool, staff_only] = True):
    patient = get_or_404(db, patient_id)
    patient.in_ward = False
    db.commit()
    return patient
