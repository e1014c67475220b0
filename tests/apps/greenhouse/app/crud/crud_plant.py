import uuid
from collections.abc import Sequence

from sqlmodel import Session, func, select

from app.models import Plant, User
from app.schemas import PlantCreate, PlantUpdate


def get_plants(*, session: Session, user: User, skip: int, limit: int) -> Sequence[Plant]:
    statement = select(Plant).order_by(Plant.name).offset(skip).limit(limit)
    if not user.is_superuser:
        statement = statement.where(Plant.owner_id == user.id)
    return session.exec(statement).all()


def count_plants(*, session: Session, user: User) -> int:
    statement = select(func.count()).select_from(Plant)
    if not user.is_superuser:
        statement = statement.where(Plant.owner_id == user.id)
    return session.exec(statement).one()


def create_plant(*, session: Session, plant_in: PlantCreate, owner_id: uuid.UUID) -> Plant:
    db_plant = Plant.model_validate(plant_in, update={"owner_id": owner_id})
    session.add(db_plant)
    session.commit()
    session.refresh(db_plant)
    return db_plant


def update_plant(*, session: Session, db_plant: Plant, plant_in: PlantUpdate) -> Plant:
    db_plant.sqlmodel_update(plant_in.model_dump(exclude_unset=True))
    session.add(db_plant)
    session.commit()
    session.refresh(db_plant)
    return db_plant
