"""Find out why a request is refused: send it, read the answer, correct what is wrong, and send it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from fastwright.diagnose import causes
from fastwright.diagnose.answers import Answer, Loc, Operation, Route
from fastwright.diagnose.conversation import Conversation
from fastwright.diagnose.grouping import grouped
from fastwright.diagnose.model import Problem, Verdict
from fastwright.diagnose.request import Request
from fastwright.diagnose.rows import Rows
from fastwright.diagnose.scene import Found, Scene

_ROUNDS = 16
_LATENT = ("lazy-load", "response-validation")


@dataclass
class Trail:
    """What was learned on the way from the request that was given to the one that is accepted."""

    request: Request
    original: Request
    answers: list[Answer] = field(default_factory=list[Answer])
    problems: list[Problem] = field(default_factory=list[Problem])
    notes: list[str] = field(default_factory=list[str])
    made: list[Loc] = field(default_factory=list[Loc])
    attempts: dict[Loc, int] = field(default_factory=dict[Loc, int])
    secrets: list[Loc] = field(default_factory=list[Loc])
    admitted: bool = False
    rows: Rows = field(default_factory=Rows)
    without_rows: int | None = None
    route: Route | None = None

    @property
    def answer(self) -> Answer:
        return self.answers[-1]

    @property
    def verdict(self) -> Verdict:
        sides = {problem.side for problem in self.problems}
        return "both" if len(sides) == 2 else self.problems[0].side if self.problems else "accepted"

    def add(self, found: Found) -> None:
        """Keep a problem, unless it is about something that we put there ourselves, or is known already."""
        self.admitted = self.admitted or found.admit
        if found.secret is not None:
            self.secrets.append(found.secret)
        if found.rows:
            self.rows.add(self.answer)
        self.rows.columns.update(found.columns)
        if found.other_rows:
            self.rows.vary()
        self.rows.other_caller = self.rows.other_caller or found.other_caller
        if found.note and found.note not in self.notes:
            self.notes.append(found.note)
        problem = found.problem
        if problem is not None and not self._is_ours(problem) and not self._is_known(problem):
            self.problems.append(problem)
        if found.made is not None:
            self.made.append(found.made)

    def _is_ours(self, problem: Problem) -> bool:
        if any(problem.loc[: len(made)] == made for made in self.made):
            return True
        mended = [one.loc for one in self.problems if 1 < len(one.loc) < len(problem.loc)]
        is_below = any(problem.loc[: len(loc)] == loc for loc in mended)
        return is_below and self.original.get(problem.loc, self.route) != problem.got

    def _is_known(self, problem: Problem) -> bool:
        return any(known.loc == problem.loc and len(known.loc) > 1 for known in self.problems) or any(
            known.loc == problem.loc and known.cause == problem.cause for known in self.problems
        )


def investigate(talk: Conversation, request: Request) -> Trail:
    """Return the trail from the request to one that is accepted, or as far as that could be followed."""
    trail = Trail(request, request)
    for _round in range(_ROUNDS):
        answer = send_again(talk, trail, trail.request)
        if not trail.rows:
            trail.without_rows = answer.status
        trail.answers.append(answer)
        trail.route = _route(talk, trail, answer)
        if answer.accepted:
            _probe(talk, trail)
            break
        found = list(causes.find(_scene(talk, trail, answer)))
        before = (trail.request, trail.admitted, trail.rows.state)
        for one in found:
            trail.add(one)
            if one.mend is not None:
                trail.request = one.mend(trail.request)
        if before == (trail.request, trail.admitted, trail.rows.state):
            break
    return trail


def _probe(talk: Conversation, trail: Trail) -> None:
    """See whether a request that is accepted is so, too, with rows, and with rows that have nothing where they may.

    Only faults of the app that its own rows would bring to light as well count, and not that our rows are odd.
    """
    if trail.request.method != "GET" or not trail.answer.statements:
        return
    given = trail.rows or Rows(level=2)
    for rows in (given, replace(given, sparse=True)):
        trial = replace(trail, rows=rows)
        answer = send_again(talk, trial, trail.request)
        if answer.status is None or answer.status < 500:
            continue
        found = [
            one for one in causes.find(_scene(talk, trial, answer)) if one.problem and one.problem.cause in _LATENT
        ]
        found = [one for one in found if not rows.sparse or (one.problem and one.problem.change)]
        if found:
            trail.rows = rows
            trail.answers.append(answer)
            for one in found:
                trail.add(one)
            trail.notes.append(f"with the rows that were made here the answer is {answer.status}")
            return


def send_again(talk: Conversation, trail: Trail, request: Request) -> Answer:
    """Return the answer to a request under the same conditions: with the rows, and past the guards."""
    route = match(talk.routes, request)
    number = talk.routes.index(route) if route is not None else None
    return talk.send(request, admit=trail.admitted, rows=trail.rows.wish(request, route), route=number)


def _route(talk: Conversation, trail: Trail, answer: Answer) -> Route | None:
    """Return the route that answered, or would have."""
    return talk.routes[answer.route] if answer.route is not None else match(talk.routes, trail.request)


def _scene(talk: Conversation, trail: Trail, answer: Answer) -> Scene:
    route = _route(talk, trail, answer)
    operation = talk.describe(talk.routes.index(route)) if route is not None else Operation()
    refused = grouped(answer.refused, trail.request, route)
    for one in refused:
        trail.attempts[one.loc] = trail.attempts.get(one.loc, 0) + 1
    return Scene(
        request=trail.request,
        answer=answer,
        route=route,
        operation=operation,
        routes=talk.routes,
        has_tables=talk.has_tables,
        admitted=trail.admitted,
        rows=trail.rows,
        without_rows=trail.without_rows,
        refused=refused,
        attempts={loc: count - 1 for loc, count in trail.attempts.items()},
        trial=lambda request: send_again(talk, trail, request),
    )


def match(routes: Sequence[Route], request: Request) -> Route | None:
    """Return the route that would answer: the first whose path and method fit."""
    method = "GET" if request.method == "HEAD" else request.method
    return next((route for route in routes if route.fits(request.path) and route.method in (method, "ANY")), None)
