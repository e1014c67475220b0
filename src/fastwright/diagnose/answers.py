"""What the guest tells: routes, parameters, answers, and the exceptions behind them."""

from __future__ import annotations

import base64
import json
import re
from typing import Any, Literal

import pydantic
from pydantic import BaseModel, ConfigDict, JsonValue

Part = Literal["path", "query", "header", "cookie", "body"]
Loc = tuple[str | int, ...]
Schema = dict[str, Any]


class Told(BaseModel):
    """Immutable data from the guest, which may tell more than we want to know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class At(Told):
    """The field or parameter of the project that a location leads to. `file` is nothing outside of the project."""

    owner: str | None = None
    name: str = ""
    type: str | None = None
    file: str | None = None
    line: int | None = None
    code: str = ""
    required: bool = True


class Route(Told):
    """A method of a path, in the order in which they are matched."""

    method: str
    path: str
    kind: str
    name: str
    pattern: str
    convertors: dict[str, str] = {}
    framework: bool = False
    place: dict[str, Any] = {}
    root_path: str = ""

    @property
    def shown(self) -> str:
        return f"{self.method} {self.path}"

    def fits(self, path: str) -> bool:
        """Tell whether a path leads here."""
        return re.match(self.pattern, path.removeprefix(self.root_path) or "/") is not None


class Field(Told):
    """A parameter of an operation; `whole` says that it is all of its part, and not one value in it."""

    part: Part
    name: str
    alias: str
    kind: Literal["json", "form", "file", "text"]
    required: bool
    default: JsonValue = None
    whole: bool
    schema_: Schema | None = pydantic.Field(None, validation_alias="schema")
    owner: str = ""
    decorated: bool = False
    at: At | None = None


class Guard(Told):
    """A dependency that looks at the caller. `scheme` is the class of a security scheme; `part` is where it looks."""

    name: str
    scheme: str | None = None
    parameter: str = ""
    part: str = ""
    file: str | None = None
    line: int | None = None


class Operation(Told):
    """What a route wants to be sent."""

    fields: tuple[Field, ...] = ()
    guards: tuple[Guard, ...] = ()
    media: str | None = None
    status: int | None = None

    def of(self, part: Part) -> tuple[Field, ...]:
        """Return the parameters in one part of the request."""
        return tuple(field for field in self.fields if field.part == part)


class Frame(Told):
    """A line of the project that an exception passed."""

    file: str | None
    line: int
    name: str
    code: str = ""


class Fact(Told):
    """What a condition of the app looked at when it raised, and what would have let the request pass.

    `choice`: the keys of what was looked into. `compare`: `op` is what would have to hold between left and right.
    `call`: the function that would have to return `wanted`. `truth`: what would have to be true, or false.
    """

    kind: Literal["choice", "compare", "call", "truth"]
    subject: str = ""
    choices: tuple[JsonValue, ...] = ()
    function: str = ""
    arguments: tuple[JsonValue, ...] = ()
    wanted: bool = True
    op: str = ""
    left: str = ""
    left_function: str = ""
    left_value: JsonValue = None
    right: str = ""
    right_function: str = ""
    right_value: JsonValue = None


class Refused(Told):
    """A value that validation refused, and the field that it was meant for."""

    type: str
    loc: Loc
    msg: str
    input: JsonValue = None
    ctx: dict[str, JsonValue] = {}
    raised: tuple[Frame, ...] = ()
    facts: tuple[Fact, ...] = ()
    constants: tuple[str | int | float, ...] = ()
    at: At | None = None
    schema_: Schema | None = pydantic.Field(None, validation_alias="schema")


class Raised(Told):
    """An exception that was heard while a request was answered."""

    kind: str
    module: str
    bases: tuple[str, ...] = ()
    message: str = ""
    status: int | None = None
    detail: JsonValue = None
    frames: tuple[Frame, ...] = ()
    facts: tuple[Fact, ...] = ()
    constants: tuple[str | int | float, ...] = ()
    cause: str = ""
    errors: tuple[Refused, ...] = ()
    model: At | None = None

    @property
    def is_validation(self) -> bool:
        return self.kind == "RequestValidationError" or "RequestValidationError" in self.bases


class Row(Told):
    """A row that the app looked for, by the columns that it named."""

    table: str
    values: dict[str, JsonValue]


class Relations(Told):
    """A model by its module and name, and its relations to others by their names."""

    module: str
    model: str
    relations: dict[str, Relations] = {}


class Select(Relations):
    """A line of the project that read rows of a model."""

    file: str | None
    line: int
    function: str = ""


class Answer(Told):
    """How a request was answered, and why. `route` is the number of the route that ran, if one did.

    `statements` counts what the app asked its database, and `sought` are the rows that it looked for, in that order;
    `selects` are told where the server failed.
    """

    status: int | None = None
    headers: dict[str, str] = {}
    body: str = ""
    startup: str = ""
    route: int | None = None
    reached_routes: bool = False
    error: str = ""
    is_fault: bool = False
    exceptions: tuple[Raised, ...] = ()
    refusals: tuple[dict[str, str], ...] = ()
    statements: int = 0
    sought: tuple[Row, ...] = ()
    selects: tuple[Select, ...] = ()

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def text(self) -> str:
        return base64.b64decode(self.body).decode("utf-8", "replace")

    @property
    def json_body(self) -> JsonValue:
        try:
            found: JsonValue = json.loads(self.text)
        except ValueError:
            return None
        return found

    @property
    def refused(self) -> tuple[Refused, ...]:
        """Return the values of the request that were refused."""
        return next((one.errors for one in self.exceptions if one.is_validation), ())
