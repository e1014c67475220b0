"""Random models with valid payloads, and one mutation each that makes the payload invalid at a known place."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import indent
from typing import Any, cast

from hypothesis import strategies as st

HEADER = """\
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Annotated, Literal, Optional, Union
from uuid import UUID

from fastapi import FastAPI
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

app = FastAPI()


class Level(str, Enum):
    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


class Circle(BaseModel):
    shape: Literal["circle"]
    radius: float = Field(gt=0)


class Square(BaseModel):
    shape: Literal["square"]
    side: int = Field(ge=1, le=50)

"""


Wrong = tuple[Any, tuple[str | int, ...]]
Invalid = st.SearchStrategy[Wrong]


@dataclass(frozen=True)
class Kind:
    """A type: how it is written, values of it, and values that it refuses, each with where."""

    code: str
    valid: st.SearchStrategy[Any]
    invalid: Invalid


def refused(*values: Any) -> Invalid:
    return st.sampled_from([(value, ()) for value in values])


WORDS = st.text("abcdefghij", min_size=3, max_size=8)


@st.composite
def integers(draw: st.DrawFn) -> Kind:
    low = draw(st.integers(-50, 50))
    high = low + draw(st.integers(1, 100))
    code = f"Annotated[int, Field(ge={low}, le={high})]"
    return Kind(code, st.integers(low, high), refused(low - 1, high + 7, "many", low + 0.5, [low], 10**30))


@st.composite
def texts(draw: st.DrawFn) -> Kind:
    low = draw(st.integers(1, 3))
    high = low + draw(st.integers(5, 20))
    code = f"Annotated[str, Field(min_length={low}, max_length={high})]"
    return Kind(code, st.text("abcdefghij", min_size=low, max_size=high), refused("", "x" * (high + 5), 12, {"a": 1}))


@st.composite
def lists(draw: st.DrawFn) -> Kind:
    most = draw(st.integers(2, 4))
    valid = st.lists(st.integers(0, 9), min_size=1, max_size=most)
    wrong: list[Wrong] = [([], ()), ([1] * (most + 1), ()), ("1", ()), ([1, "two"], (1,)), ({"a": 1}, ()), ([-1], (0,))]
    invalid = st.sampled_from(wrong)
    return Kind(f"Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1, max_length={most})]", valid, invalid)


FIXED = st.sampled_from(
    [
        Kind("bool", st.booleans(), refused("perhaps", 7, [])),
        Kind("Level", st.sampled_from(["low", "middle", "high"]), refused("LOW", "lo", 3, "mid")),
        Kind('Literal["a", "b", 7]', st.sampled_from(["a", "b", 7]), refused("c", "A", 8)),
        Kind("date", st.dates().map(str), refused("24.12.2029", "2029-02-30", "soon", "2029-12-24T10:00:00")),
        Kind(
            "AwareDatetime",
            st.just("2030-01-15T12:00:00Z"),
            refused("2030-01-15T12:00:00", "never"),
        ),
        Kind("time", st.just("12:30:00"), refused("noon", "25:00", "12h30")),
        Kind("UUID", st.uuids().map(str), refused("1234", "not-a-uuid", 5)),
        Kind(
            "Annotated[Decimal, Field(gt=0, max_digits=6, decimal_places=2)]",
            st.decimals("0.01", 9999, places=2).map(str),
            refused("1.234", "-3", "9,99", "lots", "1234567.5"),
        ),
        Kind(
            'Annotated[str, Field(pattern=r"^[A-Z]{2}-\\d{3}$")]',
            st.from_regex(r"\A[A-Z]{2}-[0-9]{3}\Z"),
            refused("ab-123", "AB123", "", "AB-12"),
        ),
        Kind(
            "dict[str, int]", st.dictionaries(WORDS, st.integers(0, 9), max_size=3), st.just(({"key": "x"}, ("key",)))
        ),
        Kind("tuple[int, str]", st.tuples(st.integers(0, 9), WORDS).map(list), st.just((["x", "y"], (0,)))),
        Kind(
            'Annotated[Union[Circle, Square], Field(discriminator="shape")]',
            st.sampled_from([{"shape": "circle", "radius": 2.5}, {"shape": "square", "side": 4}]),
            st.sampled_from(
                [({"shape": "square", "side": 99}, ("side",)), ({"shape": "triangle"}, ()), ({"radius": 1.5}, ())]
            ),
        ),
        Kind("Annotated[float, Field(gt=0, lt=1)]", st.floats(0.01, 0.99), refused(0, 1.5, "half", -2)),
        Kind("Annotated[int, Field(multiple_of=5)]", st.integers(-9, 9).map(lambda n: 5 * n), refused(7, "x")),
        Kind("Annotated[int, Field(strict=True)]", st.integers(0, 99), refused("7", True, "x", 2.5)),
    ]
)


@dataclass(frozen=True)
class Member:
    """A field of a random model, by the name in requests."""

    name: str
    alias: str
    kind: Kind
    optional: bool


@dataclass(frozen=True)
class RandomModel:
    """A model, its source, and a payload of it with one mutation: what is refused then, and where."""

    name: str
    code: str
    valid: dict[str, Any]
    payload: dict[str, Any] = field(default_factory=dict[str, Any])
    loc: tuple[str | int, ...] = ()


@st.composite
def random_models(draw: st.DrawFn, name: str) -> RandomModel:
    camel = draw(st.booleans())
    forbids = draw(st.booleans())
    members = _members(draw, 5, camel=camel)
    nested = draw(st.booleans())
    below = _members(draw, 3, camel=False)
    code = _class(f"{name}Inner", below, forbids=False, camel=False) if nested else ""
    extra = "    inner: " + (f"list[{name}Inner]" if draw(st.booleans()) else f"{name}Inner") + "\n" if nested else ""
    code += _class(name, members, forbids=forbids, camel=camel) + extra
    code += f'\n\n@app.post("/{name.lower()}")\ndef post_{name.lower()}(data: {name}):\n    return {{}}\n\n'
    valid = {member.alias: draw(member.kind.valid) for member in members if not member.optional or draw(st.booleans())}
    if nested:
        inner = {member.alias: draw(member.kind.valid) for member in below}
        valid["inner"] = [inner] if "list[" in extra else inner
    payload, loc = draw(_mutated(valid, members, below if nested else [], forbids=forbids))
    return RandomModel(name, code, valid, payload, ("body", *loc))


def _members(draw: st.DrawFn, most: int, *, camel: bool) -> list[Member]:
    words = draw(st.lists(WORDS, min_size=1, max_size=most))
    return [_member(draw, f"{word}_{number}", camel=camel) for number, word in enumerate(words)]


def _member(draw: st.DrawFn, name: str, *, camel: bool) -> Member:
    kind = draw(st.one_of(integers(), texts(), lists(), FIXED))
    first, *others = name.split("_")
    return Member(name, first + "".join(part.title() for part in others) if camel else name, kind, draw(st.booleans()))


def _class(name: str, members: list[Member], *, forbids: bool, camel: bool) -> str:
    options = [*(["extra='forbid'"] if forbids else []), *(["alias_generator=to_camel"] if camel else [])]
    lines = [f"model_config = ConfigDict({', '.join(options)})"]
    lines += [
        f"{one.name}: " + (f"{one.kind.code} | None = None" if one.optional else one.kind.code) for one in members
    ]
    return f"\nclass {name}(BaseModel):\n" + indent("\n".join(lines), "    ") + "\n"


@st.composite
def _mutated(
    draw: st.DrawFn, valid: dict[str, Any], members: list[Member], below: list[Member], *, forbids: bool
) -> tuple[dict[str, Any], tuple[str | int, ...]]:
    """Return the payload with one thing changed, and where."""
    inner: Any = valid.get("inner")
    if below and draw(st.booleans()):
        is_list = isinstance(inner, list)
        only = cast("dict[str, Any]", inner[0] if is_list else inner)
        value, loc = _changed(draw, only, below)
        return {**valid, "inner": [value] if is_list else value}, ("inner", *((0,) if is_list else ()), *loc)
    if forbids and draw(st.booleans()):
        return {**valid, "unheard_of_zzz": 1}, ("unheard_of_zzz",)
    return _changed(draw, valid, members)


def _changed(
    draw: st.DrawFn, valid: dict[str, Any], members: list[Member]
) -> tuple[dict[str, Any], tuple[str | int, ...]]:
    member = draw(st.sampled_from(members))
    if not member.optional and draw(st.booleans()):
        return {name: value for name, value in valid.items() if name != member.alias}, (member.alias,)
    value, loc = draw(member.kind.invalid)
    return {**valid, member.alias: value}, (member.alias, *loc)


@st.composite
def random_apps(draw: st.DrawFn, count: int) -> list[RandomModel]:
    return [draw(random_models(f"Model{number}")) for number in range(count)]


def source(models: list[RandomModel]) -> str:
    return HEADER + "\n".join(model.code for model in models)
