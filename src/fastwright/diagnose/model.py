"""The result of a diagnosis: whose fault it is, every problem with its place and its fix, and what is accepted."""

from __future__ import annotations

from typing import Literal

from pydantic import JsonValue

from fastwright.changes import Change
from fastwright.design.model import Frozen
from fastwright.diagnose.answers import Loc

Verdict = Literal["request", "server", "both", "accepted"]
Side = Literal["request", "server"]


class Problem(Frozen):
    """One thing that is wrong. `file` and `line` are what refused it: a field, a validator, a dependency, an endpoint.

    `cause` is the name of a documentation page, `change` what could be done about it in the app, where that is one
    clear thing; it was not tried.
    """

    loc: Loc
    got: JsonValue
    expected: str
    why: str
    fix: str
    cause: str
    side: Side = "request"
    file: str | None = None
    line: int | None = None
    code: str = ""
    change: Change | None = None


class Sent(Frozen):
    """A request as data, and as a command to paste. `body` is JSON, or the text where it is not."""

    method: str
    url: str
    path: str
    query: dict[str, str | list[str]]
    headers: dict[str, str]
    cookies: dict[str, str]
    body: JsonValue = None
    form: dict[str, JsonValue] | None = None
    files: dict[str, JsonValue] | None = None
    curl: str = ""


class Place(Frozen):
    """The endpoint that answered, or would answer."""

    method: str
    path: str
    name: str
    file: str | None = None
    line: int | None = None


class Example(Frozen):
    """A request that the endpoint accepts; `verified` says that it was sent and that it did."""

    name: Literal["minimal", "full"]
    request: Sent
    status: int | None
    verified: bool


class Accepts(Frozen):
    """A parameter that an endpoint takes."""

    part: str
    name: str
    type: str
    required: bool
    default: JsonValue = None
    file: str | None = None
    line: int | None = None


class Diagnosis(Frozen):
    """Why a request is refused, and what is accepted.

    `status` is how the request was answered as it was sent, `corrected` the nearest request that is accepted, and
    `verified` says that it was sent, too, and answered with a 2xx. `notes` say what could not be seen here.
    """

    verdict: Verdict
    endpoint: Place | None = None
    status: int | None = None
    problems: tuple[Problem, ...] = ()
    request: Sent | None = None
    corrected: Sent | None = None
    verified: bool = False
    corrected_status: int | None = None
    accepts: tuple[Accepts, ...] = ()
    examples: tuple[Example, ...] = ()
    notes: tuple[str, ...] = ()
    answer: JsonValue = None


class Group(Frozen):
    """Refused requests of a log with the same endpoint and cause; `cause` is `not-seen` where that cannot be told."""

    endpoint: str
    cause: str
    loc: str
    count: int
    statuses: tuple[int, ...]
    side: Side
    why: str
    fix: str
    file: str | None = None
    line: int | None = None
    example: Sent | None = None


class Refusals(Frozen):
    """The refused requests of a log, the most frequent group first."""

    requests: int
    groups: tuple[Group, ...]
    notes: tuple[str, ...] = ()
