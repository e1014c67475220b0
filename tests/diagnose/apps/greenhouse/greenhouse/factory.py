import datetime as dt
import functools
import uuid
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, FastAPI, HTTPException, Path, Query
from pydantic import BaseModel

from . import shapes


class Answer(BaseModel):
    ok: bool = True
    value: Any = None


class Summary(BaseModel):
    species: str
    harvest: dt.date
    weight: float


def logged(function):
    def inner(*args, **kwargs):
        return function(*args, **kwargs)

    return inner


@logged
def page(number: int = 1):
    return number


class Season:
    def __init__(self, months: int):
        self.months = months

    def __call__(self, month: int = 1):
        if month > self.months:
            raise HTTPException(400, f"there are {self.months} months")
        return month


router = APIRouter(prefix="/v2")


@router.post("/plantings", status_code=201)
def plant(planting: shapes.Planting) -> Answer:
    return Answer(value=planting.species)


@router.post("/readings")
def read(reading: shapes.Reading) -> Answer:
    return Answer(value=str(reading["sensor"]))


@router.put("/tags")
def tags(tags: shapes.Tags) -> Answer:
    return Answer(value=len(tags.root))


@router.put("/matrix")
def matrix(matrix: shapes.Matrix) -> Answer:
    return Answer(value=list(matrix.root))


@router.post("/schedules")
def schedule(schedule: shapes.Schedule) -> Answer:
    return Answer(value=schedule.every.days)


@router.post("/crates")
def crate(crate: shapes.Crate) -> Answer:
    return Answer(value=len(crate.rows))


@router.post("/labels")
def label(label: shapes.Label) -> Answer:
    return Answer(value=label.text)


@router.get("/plants/{plant_id}")
def plant_of(plant_id: uuid.UUID) -> Answer:
    return Answer(value=str(plant_id))


@router.get("/plants/newest")
def newest() -> Answer:
    return Answer(value="newest")


@router.get("/levels")
def levels(level: shapes.Level, since: dt.datetime | None = None) -> Answer:
    return Answer(value=level)


@router.get("/zones/{zone}/area")
def area(zone: shapes.Zone, factor: Annotated[Decimal, Query(gt=0, decimal_places=1)] = Decimal(1)) -> Answer:
    return Answer(value=str(factor))


@router.get("/pages")
def pages(number: Annotated[int, Depends(page)]) -> Answer:
    return Answer(value=number)


@router.get("/months")
def months(month: Annotated[int, Depends(Season(9))]) -> Answer:
    return Answer(value=month)


@router.get("/compare")
def compare(ids: list[int]) -> Answer:
    return Answer(value=sum(ids))


@router.post("/thresholds")
def threshold(low: Annotated[int, Body()], high: Annotated[int, Body(le=100)]) -> Answer:
    return Answer(value=high - low)


@router.get("/summary", response_model=Summary)
def summary():
    return {"species": "Rosa canina", "harvest": "soon", "weight": 3}


def create_app() -> FastAPI:
    app = FastAPI(title="Greenhouse", root_path="/gh")
    app.include_router(router)
    return app
