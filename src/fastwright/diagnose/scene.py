"""What a cause looks at: the request, how the app answered it, and everything that is known of the endpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import JsonValue

from fastwright.changes import Change
from fastwright.diagnose import values
from fastwright.diagnose.answers import Answer, Frame, Loc, Operation, Part, Raised, Refused, Route, Schema
from fastwright.diagnose.mending import mended
from fastwright.diagnose.mending.case import Case
from fastwright.diagnose.model import Problem, Side
from fastwright.diagnose.request import Request
from fastwright.diagnose.rows import Rows
from fastwright.diagnose.sampling import Sampler

Mend = Callable[[Request], Request]


@dataclass(frozen=True)
class Found:
    """A problem, and what a request has to become for its sake; nothing if that is not up to the request.

    `admit` lets the caller past the guards from now on. `rows` makes rows exist that were looked for, or that the
    request names, `columns` says what they have in these, and `other_rows` makes others in their place. With
    `other_caller` the caller is none of them. At `secret` there are credentials.
    """

    problem: Problem | None
    mend: Mend | None = None
    admit: bool = False
    rows: bool = False
    other_rows: bool = False
    other_caller: bool = False
    columns: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    note: str = ""
    made: Loc | None = None
    secret: Loc | None = None

    def named(self, cause: str) -> Found:
        """Return it with the name of its cause."""
        return replace(self, problem=self.problem and self.problem.model_copy(update={"cause": cause}))


@dataclass
class Scene:
    """One answer that is no success. Causes claim what they explain, so that no other does."""

    request: Request
    answer: Answer
    route: Route | None
    operation: Operation
    routes: tuple[Route, ...]
    has_tables: bool
    admitted: bool
    rows: Rows
    without_rows: int | None
    refused: list[Refused]
    claimed: bool = False
    attempts: dict[Loc, int] = field(default_factory=dict[Loc, int])
    trial: Callable[[Request], Answer] = lambda _request: Answer()

    @property
    def ran(self) -> bool:
        """Whether an endpoint was run, or one of its dependencies: a route that matches but for its method is not."""
        frames = any(one.frames for one in self.answer.exceptions)
        return self.answer.route is not None and (self.answer.status != 405 or frames)

    def claim(self, *kinds: str) -> Iterator[Refused]:
        """Yield the refusals of these types that nobody has claimed, and claim them; `date_*` is any such type."""
        for one in list(self.refused):
            if any(one.type == kind or (kind.endswith("*") and one.type.startswith(kind[:-1])) for kind in kinds):
                self.refused.remove(one)
                yield one

    def claim_body(self) -> list[Refused]:
        """Claim every refusal in the body."""
        claimed = [one for one in self.refused if one.loc and one.loc[0] == "body"]
        self.refused = [one for one in self.refused if one not in claimed]
        return claimed

    @property
    def wants_rows(self) -> bool:
        """Whether there may be an answer once there are rows, or more of them."""
        return self.has_tables and self.rows.has_more(self.answer)

    def claim_answer(self) -> None:
        """Claim the answer as a whole, where there are no single refusals."""
        self.claimed = True
        self.refused = []

    def release(self, one: Refused) -> None:
        """Leave a refusal to other causes after all."""
        self.refused.append(one)

    def value(self, loc: Loc) -> JsonValue | values.Missing:
        return self.request.get(loc, self.route)

    def got(self, loc: Loc) -> JsonValue:
        """Return what is at a location, or null."""
        found = self.value(loc)
        return None if isinstance(found, values.Missing) else found

    @property
    def body_schema(self) -> Schema:
        """Return the schema of the whole body, as it has to be sent."""
        bodies = self.operation.of("body")
        if len(bodies) == 1 and bodies[0].whole:
            return bodies[0].schema_ or {}
        definitions: dict[str, Any] = {}
        for one in bodies:
            definitions.update((one.schema_ or {}).get("$defs", {}))
        return {
            "type": "object",
            "properties": {one.alias: {k: v for k, v in (one.schema_ or {}).items() if k != "$defs"} for one in bodies},
            "required": [one.alias for one in bodies if one.required],
            "$defs": definitions,
        }

    def is_whole(self, part: Part) -> bool:
        """Tell whether a single parameter is all of a part, such as a body that is not embedded."""
        fields = self.operation.of(part)
        return len(fields) == 1 and fields[0].whole

    @property
    def wants_form(self) -> bool:
        return any(one.kind in ("form", "file") for one in self.operation.of("body"))

    @property
    def wants_file(self) -> bool:
        return any(one.kind == "file" for one in self.operation.of("body"))

    @property
    def wants_json(self) -> bool:
        return bool(self.operation.of("body")) and not self.wants_form

    def raised(self, *kinds: str) -> Raised | None:
        """Return the exception of one of these kinds, or with such a base."""
        for one in self.answer.exceptions:
            if one.kind in kinds or set(kinds) & set(one.bases):
                return one
        return None

    def culprit(self) -> tuple[Raised, Frame | None] | None:
        """Return the exception that decided the answer, and the line of the project that raised it."""
        for one in reversed(self.answer.exceptions):
            if not one.is_validation:
                return one, one.frames[-1] if one.frames else None
        return None

    def found(
        self,
        refused: Refused,
        *,
        expected: str,
        why: str,
        fix: str,
        loc: Loc | None = None,
        mend: Mend | None = None,
        side: Side = "request",
        change: Change | None = None,
    ) -> Found:
        """Return the problem that a refusal is; without `mend` the value is made one that is allowed."""
        at = refused.at
        place = refused.raised[-1] if refused.raised else None
        problem = Problem(
            loc=loc or refused.loc,
            got=self.got(loc or refused.loc),
            expected=expected,
            why=why,
            fix=fix,
            cause="",
            side=side,
            file=place.file if place else at.file if at else None,
            line=place.line if place else at.line if at else None,
            code=place.code if place else at.code if at else "",
            change=change,
        )
        is_made = mend is None and isinstance(self.value(refused.loc), values.Missing)
        return Found(problem, mend or self.mend(refused), made=refused.loc if is_made else None)

    def mend(self, refused: Refused) -> Mend:
        """Return what puts an allowed value in the place of a refused one."""

        def change(request: Request) -> Request:
            return request.set(refused.loc, self.mended(refused, request), self.route)

        return change

    def mended(self, refused: Refused, request: Request) -> JsonValue:
        """Return an allowed value; after two attempts that were refused as well, one that only the schema decides."""
        case = self.case(refused, request)
        return mended(case) if self.attempts.get(refused.loc, 0) < 2 else case.sample()

    def case(self, refused: Refused, request: Request) -> Case:
        sampler = Sampler((refused.schema_ or {}).get("$defs", {}))
        name = next((str(key) for key in reversed(refused.loc) if isinstance(key, str)), "")
        return Case(request.get(refused.loc, self.route), refused, sampler, name)


def shown(refused: Refused) -> str:
    """Return the field as a person knows it: `ProductIn.price`."""
    at = refused.at
    if at is None or not at.name:
        return ".".join(str(key) for key in refused.loc[1:]) or str(refused.loc[0] if refused.loc else "request")
    return f"{at.owner}.{at.name}" if at.owner else at.name


def where(refused: Refused) -> str:
    """Return the field with its place, for a sentence: `ProductIn.price (app/schemas.py:12)`."""
    at = refused.at
    return f"{shown(refused)} ({at.file}:{at.line})" if at and at.file else shown(refused)
