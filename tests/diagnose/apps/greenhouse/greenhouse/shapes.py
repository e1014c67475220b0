import datetime as dt
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Literal, Union

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel, model_validator
from pydantic.alias_generators import to_camel
from typing_extensions import NotRequired, TypedDict


class Zone(str, Enum):
    NORTH = "north"
    SOUTH = "south"
    TROPICAL = "tropical"


class Level(IntEnum):
    LOW = 1
    MID = 2
    HIGH = 3


def latin(value: str) -> str:
    if len(value.split()) != 2:
        raise ValueError("a latin name has two words")
    return value


LatinName = Annotated[str, AfterValidator(latin)]
Trimmed = Annotated[str, BeforeValidator(lambda v: v.strip() if isinstance(v, str) else v), Field(min_length=2)]


@dataclass
class Planting:
    species: LatinName
    bed: int
    zone: Zone = Zone.NORTH
    notes: list[str] = field(default_factory=list)


class Reading(TypedDict):
    sensor: uuid.UUID
    celsius: float
    taken: NotRequired[dt.datetime]


class Tags(RootModel[list[Annotated[str, Field(min_length=2)]]]):
    pass


class Matrix(RootModel[dict[str, list[list[int]]]]):
    pass


class Drip(BaseModel):
    kind: Literal["drip"]
    litres_per_hour: Decimal = Field(max_digits=5, decimal_places=2)


class Spray(BaseModel):
    kind: Literal["spray"]
    nozzle: int = Field(ge=1, le=8)
    pressure: float


class Schedule(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")

    starts_on: dt.date
    ends_on: dt.date
    first_run: dt.time
    water_system: Annotated[Union[Drip, Spray], Field(discriminator="kind")]
    every: dt.timedelta = dt.timedelta(days=1)

    @model_validator(mode="after")
    def in_order(self):
        if self.ends_on <= self.starts_on:
            raise ValueError("ends_on must come after starts_on")
        return self


class Label(BaseModel):
    text: Trimmed
    comment: str | None


class Crate(BaseModel):
    rows: list[list[Label]]
    sums: tuple[int, int]
