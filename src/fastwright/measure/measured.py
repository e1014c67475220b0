"""What the driver has seen, as data: every request at every size, with its statements and where they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from fastwright.measure.model import Growth, Site
from fastwright.project.model import Unresolved

_REFUSED = (401, 403)


class _Seen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Statement(_Seen):
    """One execution of a statement; `execution` is what the ORM was asked for, if it was the ORM."""

    sql: str
    values: int
    stack: int
    execution: int | None
    seconds: float
    at: float


class Execution(_Seen):
    """Something that the ORM has executed; the relations of `chain` lead here from the rows of `root`."""

    stack: int
    root: int
    chain: tuple[tuple[str, str, str], ...]
    kind: str
    model: str
    attributes: tuple[str, ...]
    loaded: dict[str, int] = Field(default_factory=dict)


class Waited(_Seen):
    """A call on the thread of the event loop that is not async."""

    what: str
    stack: int


class Spent(_Seen):
    """Where the time of a request went, in seconds: by part, by line of the app, and by line that blocked the loop.

    The parts are database, application, serialisation, hashing, framework and waiting.
    """

    parts: dict[str, float]
    lines: tuple[tuple[str, int, str, float], ...] = ()
    blocking: tuple[tuple[str, int, str, float], ...] = ()


class Unindexed(_Seen):
    """A column that a statement searches by, and that has no index; the plans are without one and with it."""

    sql: str
    table: str
    column: str
    attribute: str
    before: str
    after: str


class Request(_Seen):
    """One request and its answer: `body` and `canonical` are digests, the latter without regard to order."""

    asked: str
    status: int | None
    error: str
    detail: str
    body: str
    canonical: str
    entries: int | None
    executions: tuple[Execution, ...] = ()
    statements: tuple[Statement, ...] = ()
    commits: tuple[int, ...] = ()
    waiting: tuple[Waited, ...] = ()
    keys: tuple[str, ...] = ()
    spent: Spent | None = None
    seconds: float | None = None
    steady: bool = True

    @property
    def succeeded(self) -> bool:
        return self.status is not None and self.status < 400 and not self.error


class Size(_Seen):
    """All requests at one size."""

    startup: str = ""
    answers: tuple[Request | None, ...] = ()
    rows: dict[str, int] = Field(default_factory=dict)
    problems: dict[str, str] = Field(default_factory=dict)
    stacks: tuple[tuple[Site, ...], ...] = ()
    indexes: tuple[Unindexed, ...] = ()
    failure: str = ""

    @field_validator("stacks", mode="before")
    @classmethod
    def _as_sites(cls, value: Sequence[Sequence[Sequence[Any]]]) -> list[list[Site]]:
        names = ("file", "line", "column", "end_line", "end_column", "function")
        return [[Site(**dict(zip(names, place, strict=True))) for place in stack] for stack in value]


class Endpoint(_Seen):
    """An endpoint that was driven, or should have been."""

    method: str
    path: str
    handler: Site | None = None
    bounded: bool = False

    @property
    def shown(self) -> str:
        return f"{self.method} {self.path}"


class Measurement(_Seen):
    """One run of the driver."""

    endpoints: tuple[Endpoint, ...]
    sizes: dict[int, Size]
    databases: tuple[str, ...] = ()
    postgres: bool = False
    refusals: tuple[Mapping[str, str], ...] = ()
    seconds: dict[str, float] = Field(default_factory=dict)

    @property
    def wants_postgres(self) -> bool:
        """Whether an engine for PostgreSQL was led to SQLite, or could not be led anywhere."""
        told = (*self.databases, *(one["target"] for one in self.refusals))
        return not self.postgres and any("postgres" in one or "psycopg" in one for one in told)

    @property
    def largest(self) -> Size:
        return self.sizes[max(self.sizes)]

    def requests(self, number: int) -> dict[int, Request]:
        """Return the requests to an endpoint by size, as far as they were sent."""
        found = {size: one.answers[number] for size, one in sorted(self.sizes.items())}
        return {size: request for size, request in found.items() if request is not None}

    def counts(self, number: int) -> dict[int, int]:
        return {size: len(request.statements) for size, request in self.requests(number).items()}

    def undriven(self, number: int) -> str:
        """Return why an endpoint was not measured, or nothing if it was."""
        requests = self.requests(number)
        if len(requests) < len(self.sizes):
            return "there was no time left"
        for request in requests.values():
            if not request.succeeded:
                return _why(request)
        return ""

    def unresolved(self) -> tuple[Unresolved, ...]:
        """Return what could not be filled or started."""
        found: dict[str, str] = {}
        for size in self.sizes.values():
            found.update({f"table {name}": f"could not be filled: {why}" for name, why in size.problems.items()})
            if size.startup:
                found["startup"] = size.startup
        return tuple(Unresolved(subject=subject, reason=reason) for subject, reason in found.items())


def growth(counts: Mapping[int, int]) -> Growth:
    """Return how a count of statements grows with the rows.

    A relation that is loaded for 500 parents at a time takes one statement more for every 500; that is no growth.
    """
    small, large = min(counts), max(counts)
    allowed = large // 500
    if counts[large] <= counts[small] + allowed:
        return "constant"
    # What is linear, a + b·n, grows by less than the rows do.
    return "superlinear" if counts[large] * small > counts[small] * large * 1.05 else "linear"


def _why(request: Request) -> str:
    if request.error:
        return request.error.splitlines()[0][:160]
    if request.status in _REFUSED:
        return f"the caller is refused: {request.status} {request.detail}"[:160]
    return f"answered with {request.status} {request.detail}"[:160]
