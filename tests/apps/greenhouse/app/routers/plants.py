import uuid
from typing import Any

from fastapi import APIRouter, HTTPException
from sqlmodel import col, select

from app import crud
from app.deps import CurrentUser, SessionDep
from app.models import Plant, Watering
from app.schemas import (
    Message,
    PlantCreate,
    PlantPublic,
    PlantsPublic,
    PlantUpdate,
    WateringCreate,
    WateringPublic,
)

router = APIRouter(prefix="/plants", tags=["plants"])


def own_plant(session: SessionDep, current_user: CurrentUser, id: uuid.UUID) -> Plant:
    plant = session.get(Plant, id)
    if not plant:
        raise HTTPException(status_code=404, detail="Plant not found")
    if not current_user.is_superuser and (plant.owner_id != current_user.id):
        raise HTTPException(status_code=400, detail="Not enough permissions")
    return plant


@router.get("/", response_model=PlantsPublic)
def read_plants(
    session: SessionDep, current_user: CurrentUser, skip: int = 0, limit: int = 100
) -> Any:
    """
    Retrieve plants.
    """
    count = crud.count_plants(session=session, user=current_user)
    plants = crud.get_plants(session=session, user=current_user, skip=skip, limit=limit)
    return {"data": plants, "count": count}


@router.get("/{id}", response_model=PlantPublic)
def read_plant(session: SessionDep, current_user: CurrentUser, id: uuid.UUID) -> Any:
    return own_plant(session, current_user, id)


@router.post("/", response_model=PlantPublic)
def create_plant(*, session: SessionDep, current_user: CurrentUser, plant_in: PlantCreate) -> Any:
    return crud.create_plant(session=session, plant_in=plant_in, owner_id=current_user.id)


@router.put("/{id}", response_model=PlantPublic)
def update_plant(
    *, session: SessionDep, current_user: CurrentUser, id: uuid.UUID, plant_in: PlantUpdate
) -> Any:
    plant = own_plant(session, current_user, id)
    return crud.update_plant(session=session, db_plant=plant, plant_in=plant_in)


@router.delete("/{id}")
def delete_plant(session: SessionDep, current_user: CurrentUser, id: uuid.UUID) -> Message:
    plant = own_plant(session, current_user, id)
    session.delete(plant)
    session.commit()
    return Message(message="Plant deleted successfully")


@router.get("/{id}/waterings", response_model=list[WateringPublic])
def read_waterings(session: SessionDep, current_user: CurrentUser, id: uuid.UUID) -> Any:
    plant = own_plant(session, current_user, id)
    statement = select(Watering).where(Watering.plant_id == plant.id).order_by(col(Watering.at).desc())
    return session.exec(statement).all()


@router.post("/{id}/waterings", response_model=WateringPublic, status_code=201)
def water(session: SessionDep, current_user: CurrentUser, id: uuid.UUID, watering_in: WateringCreate) -> Any:
    plant = own_plant(session, current_user, id)
    watering = Watering.model_validate(watering_in, update={"plant_id": plant.id})
    session.add(watering)
    session.commit()
    session.refresh(watering)
    return watering
