from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query, status
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from conferly.accounts.security import Admin, CurrentAccount, RoleChecker, Speaker
from conferly.database import DbSession
from conferly.rooms.models import Room
from conferly.talks.models import Talk, Topic
from conferly.talks.schemas import Page, TalkRead, TalkSchedule, TalkSubmit

router = APIRouter(prefix="/talks", tags=["talks"])

EVERYTHING = (joinedload(Talk.speaker), joinedload(Talk.room), selectinload(Talk.topics))


async def load(session: DbSession, talk_id: int) -> Talk:
    talk = await session.scalar(
        select(Talk).where(Talk.id == talk_id).options(*EVERYTHING).execution_options(populate_existing=True)
    )
    if talk is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "No such talk")
    return talk


@router.get("", response_model=Page[TalkRead])
async def programme(
    session: DbSession,
    topic: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0)] = 0,
):
    where = [Talk.accepted.is_(True)]
    if topic:
        where.append(Talk.topics.any(Topic.label == topic))
    total = await session.scalar(select(func.count()).select_from(Talk).where(*where))
    statement = select(Talk).where(*where).order_by(Talk.starts_at, Talk.id).limit(limit).offset(offset)
    talks = (await session.scalars(statement.options(*EVERYTHING))).all()
    return {"items": talks, "total": total}


@router.get("/mine", response_model=list[TalkRead])
async def my_talks(session: DbSession, account: CurrentAccount):
    statement = select(Talk).where(Talk.speaker_id == account.id).order_by(Talk.id)
    return (await session.scalars(statement.options(*EVERYTHING))).all()


@router.get("/{talk_id}", response_model=TalkRead)
async def read_talk(talk: Annotated[Talk, Depends(load)]):
    return talk


@router.post("", response_model=TalkRead, status_code=status.HTTP_201_CREATED)
async def submit(body: TalkSubmit, session: DbSession, speaker: Speaker):
    known = (await session.scalars(select(Topic).where(Topic.label.in_(body.topics)))).all()
    fresh = [Topic(label=label) for label in sorted(set(body.topics) - {t.label for t in known})]
    talk = Talk(
        title=body.title,
        abstract=body.abstract,
        minutes=body.minutes,
        speaker_id=speaker.id,
        topics=[*known, *fresh],
    )
    session.add(talk)
    await session.commit()
    return await load(session, talk.id)


@router.post("/{talk_id}/acceptance", response_model=TalkRead, dependencies=[Depends(RoleChecker("admin"))])
async def accept(talk: Annotated[Talk, Depends(load)], session: DbSession):
    talk.accepted = True
    await session.commit()
    return await load(session, talk.id)


@router.put("/{talk_id}/slot", response_model=TalkRead)
async def schedule(talk_id: int, body: TalkSchedule, _: Admin, session: DbSession):
    talk = await load(session, talk_id)
    if await session.get(Room, body.room_id) is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "No such room")
    talk.room_id = body.room_id
    talk.starts_at = body.starts_at.replace(tzinfo=None)
    await session.commit()
    return await load(session, talk_id)


@router.delete("/{talk_id}", status_code=status.HTTP_204_NO_CONTENT)
async def withdraw(talk_id: int, account: CurrentAccount, session: DbSession) -> None:
    talk = await load(session, talk_id)
    if talk.speaker_id != account.id:
        raise HTTPException(status.HTTP_403_FORBIDDEN, "Only its speaker can withdraw a talk")
    await session.delete(talk)
    await session.commit()
