"""Unions, nested lists, dictionaries, and a factory; a mounted app."""

from datetime import datetime, time, timedelta
from typing import Annotated, Any, Dict, List, Literal, Union

from fastapi import FastAPI
from pydantic import BaseModel, Field, Json, conint, constr


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = Field(le=9)


class Dog(BaseModel):
    kind: Literal["dog"]
    breed: str
    good: bool = True


class Bird(BaseModel):
    wingspan: float
    can_fly: bool


class Fish(BaseModel):
    length_cm: int
    fins: List[str]


Animal = Annotated[Union[Cat, Dog], Field(discriminator="kind")]


class Visit(BaseModel):
    at: datetime
    animals: List[Animal]
    weights: Dict[str, float] = {}
    duration: timedelta = timedelta(hours=1)


class Feeding(BaseModel):
    when: time
    amount: Union[int, Literal["all"]]
    extras: List[constr(min_length=2)] = []


class Cage(BaseModel):
    label: constr(strip_whitespace=True, min_length=3)
    size: conint(gt=0, lt=100)
    position: tuple[int, int]
    inhabitant: Union[Bird, Fish]


def create_app() -> FastAPI:
    app = FastAPI(title="Zoo")
    keepers = FastAPI()

    @app.post("/visits")
    async def add_visit(visit: Visit):
        return visit

    @app.post("/animals")
    async def add_animal(animal: Animal):
        return animal

    @app.post("/feedings")
    async def feed(feeding: Feeding):
        return feeding

    @app.post("/cages")
    async def add_cage(cage: Cage):
        return cage

    @app.patch("/cages/{cage_id:int}")
    async def change_cage(cage_id: int, changes: Dict[str, Any]):
        return changes

    @keepers.post("/shifts")
    async def add_shift(keeper: str, hours: Annotated[int, Field(ge=1, le=12)]):
        return hours

    app.mount("/keepers", keepers)
    return app
