from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, status
from sqlalchemy import select

from conferly.accounts.security import RoleChecker
from conferly.database import DbSession
from conferly.rooms.models import Room
from conferly.rooms.schemas import RoomCreate, RoomRead

router = APIRouter(prefix="/rooms", tags=["rooms"])

only_admins = RoleChecker("admin")


async def existing_room(session: DbSession, room_id: Annotated[int, Path(ge=1)]) -> Room:
    room = await session.get(Room, room_id)
    if room is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "No such room")
    return room


ExistingRoom = Annotated[Room, Depends(existing_room)]


@router.get("", response_model=list[RoomRead])
async def list_rooms(session: DbSession):
    return (await session.scalars(select(Room).order_by(Room.name))).all()


@router.get("/{room_id}", response_model=RoomRead)
async def read_room(room: ExistingRoom):
    return room


@router.post("", response_model=RoomRead, status_code=201, dependencies=[Depends(only_admins)])
async def create_room(body: RoomCreate, session: DbSession):
    room = Room(**body.model_dump())
    session.add(room)
    await session.commit()
    return room


@router.delete("/{room_id}", status_code=204, dependencies=[Depends(only_admins)])
async def delete_room(room: ExistingRoom, session: DbSession) -> None:
    await session.delete(room)
    await session.commit()
