import asyncio
import time
from typing import Annotated, Any

import requests
from fastapi import APIRouter, BackgroundTasks, Depends, HTTPException, Query
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from harbour.core.security import Master, Me, harbour_master, signed_in
from harbour.domain.schemas import BerthIn, BerthOut, BoatForSomeone, BoatIn, BoatOut, BoatWithFees
from harbour.domain.tables import Berth, Boat, Skipper
from harbour.infra.db import Db, Tx
from harbour.infra.repositories import Berths, Boats

router = APIRouter(prefix="/boats", tags=["boats"])
berths = APIRouter(prefix="/berths", tags=["berths"])
Limit = Annotated[int, Query(ge=1, le=100)]


@router.get("", response_model=list[BoatOut])
async def my_boats(db: Db, me: Me, limit: Limit = 20, offset: int = 0):
    return await Boats(db).of(me.id, limit, offset)


@router.get("/all", response_model=list[BoatOut])
async def all_boats(db: Db, master: Master, limit: int = 50):  # found: unbounded-page-size
    return await Boats(db).page(limit)


@router.get("/with-fees", response_model=list[BoatWithFees])
async def with_fees(db: Db, master: Master, limit: Limit = 20):
    return await Boats(db).page(limit)  # found: lazy-load-in-response


@router.get("/with-fees-loaded", response_model=list[BoatWithFees])
async def with_fees_loaded(db: Db, master: Master, limit: Limit = 20):
    return await Boats(db).page_with_fees(limit)


@router.get("/debts")
async def debts(db: Db, master: Master, limit: Limit = 20) -> dict[int, float]:
    boats = Boats(db)
    found: dict[int, float] = {}
    for boat in await boats.page(limit):
        found[boat.id] = await boats.debt(boat.id)  # found: query-in-loop
    return found


@router.get("/search")
async def search(db: Db, me: Me, q: str) -> list[str]:
    return await Boats(db).found(q)


@router.get("/search-safely")
async def search_safely(db: Db, me: Me, q: str) -> list[str]:
    return await Boats(db).found_safely(q)


@router.get("/{boat_id}", response_model=BoatOut)
async def boat(boat_id: int, db: Db, me: Me):
    found = await Boats(db).one(boat_id)  # found: unscoped-owner-query
    if found is None:
        raise HTTPException(404)
    return found


@router.get("/newest", response_model=BoatOut)
async def newest(db: Db, master: Master):  # found: shadowed-route
    return (await Boats(db).page(1))[0]


@router.put("/{boat_id}", response_model=BoatOut)
async def change(boat_id: int, body: BoatIn, db: Db, me: Me):
    found = await Boats(db).mine(boat_id, me.id)
    if found is None:
        raise HTTPException(404)
    found.name, found.length_m = body.name, body.length_m
    await db.commit()
    return found


@router.post("", response_model=BoatOut)
async def add(body: BoatForSomeone, db: Db, me: Me):  # found: wrong-success-status
    return await Boats(db).keep(Boat(**body.model_dump()))  # found: caller-chosen-identity


@router.post("/mine", response_model=BoatOut, status_code=201)
async def add_mine(body: BoatIn, db: Db, me: Me):
    return await Boats(db).keep(Boat(**body.model_dump(), skipper_id=me.id))


@router.delete("/{boat_id}", status_code=204)
async def drop(boat_id: int, db: Db) -> None:  # found: endpoint-without-auth
    found = await Boats(db).one(boat_id)
    if found is not None:
        await db.delete(found)  # found: unhandled-integrity-error
        await db.commit()


@router.get("/{boat_id}/touch")
async def touch(boat_id: int, db: Db, me: Me) -> bool:  # found: write-in-get
    found = await Boats(db).mine(boat_id, me.id)
    if found is None:
        raise HTTPException(404)
    found.name = found.name.strip()
    await db.commit()
    return True


async def reindex(db: AsyncSession, boat_id: int) -> None:
    await Boats(db).one(boat_id)


@router.post("/{boat_id}/index", status_code=202)
async def index(boat_id: int, tasks: BackgroundTasks, db: Db, master: Master) -> None:
    tasks.add_task(reindex, db, boat_id)  # found: request-session-in-background-task


@router.get("/{boat_id}/weather")
async def weather(boat_id: int, me: Me) -> dict[str, float]:
    try:
        answer = requests.get("https://weather.example/now", timeout=2)  # found: blocking-call-in-async-endpoint
    except requests.RequestException as broken:
        raise HTTPException(502, f"The weather cannot be had: {broken}")  # found: leaked-exception-detail
    return {"wind": answer.json()["wind"]}


@router.post("/{boat_id}/import", status_code=202)
async def take(boat_id: int, body: dict[str, Any], master: Master) -> None:  # found: unvalidated-body
    try:
        await asyncio.wait_for(asyncio.sleep(0), 1)
    except Exception:  # found: swallowed-exception
        pass


@berths.get("", response_model=list[BerthOut])
async def every_berth(db: Db, me: Me):  # found: unpaginated-list
    return await Berths(db).all()


@berths.post("", response_model=BerthOut, status_code=201)
async def add_berth(body: BerthIn, db: Db, master: Annotated[Skipper, harbour_master]):  # found: endpoint-without-auth, unattached-guard
    return await Berths(db).keep(Berth(code=body.code, depth=body.depth))  # found: unhandled-integrity-error


@berths.get("/{code}/state")
async def state(code: str, me: Me):  # found: missing-response-model
    return await _state_of(code)


async def _state_of(code: str):
    return {"code": code, "free": True}


@berths.get("/{name}/state")
async def state_by_name(name: str, me: Me) -> dict[str, bool]:  # found: duplicate-route
    return {"free": True}


@berths.put("/{code}", response_model=BerthOut)
async def deepen(code: str, depth: float, db: Tx, master: Master):
    found = await db.scalar(select(Berth).where(Berth.code == code))
    if found is None:
        raise HTTPException(404)
    found.depth = depth
    await db.flush()
    return found
