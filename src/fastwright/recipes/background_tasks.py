"""Side work that endpoints do before they answer, moved behind the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar

from pydantic import Field

from fastwright.changes import Change
from fastwright.project.model import Endpoint
from fastwright.recipes._app.layout import Layout
from fastwright.recipes._background.finding import Side, sides
from fastwright.recipes._background.moving import has_tasks, moved
from fastwright.recipes._background.promise import BROKEN, FAILED, LaterPromise, Task
from fastwright.recipes._filtering.finding import endpoint_function
from fastwright.recipes._paths import below
from fastwright.recipes._platform.reaching import attempts
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish
from fastwright.recipes._routes import Routes

_HINT = "put it into a function of the project that takes plain values, and call that as a statement; then ask again"


class BackgroundWork(Wish):
    """Which endpoints."""

    positional: ClassVar[tuple[str, ...]] = ("path",)

    path: str = Field(default="/", description="A path as the project writes it; it covers everything below.")


def plan(known: Known, wish: BackgroundWork) -> Answer:
    """Return the plan. Raises `InputError` if there is no endpoint."""
    wanted = [one for one in below(known.project.endpoints, wish.path) if one.kind == "operation"]
    found = list(sides(known, wanted))
    fit = [side for side in found if not side.why]
    if not fit:
        return _nothing(known, wanted, found)
    seen = {id(side): task for side in fit if (task := _seen(known, side))}
    shown = [side for side in fit if id(side) in seen]
    if not shown:
        items = tuple(side.shown for side in fit)
        reason = "none of this could be reached here by a request, so that nothing could be shown"
        return Refusal(
            reason=reason, hint="name an endpoint that needs less to be there, or move it by hand", items=items
        )
    return Plan(
        change=Change(
            summary=f"{len(shown)} side work{'s'[: len(shown) != 1]} after the answer",
            operations=tuple(moved(known, shown)),
        ),
        promise=LaterPromise(tuple(seen[id(side)] for side in shown)),
        decisions=tuple(_decisions(found, shown)),
        risks=(
            "A process that ends before the work is done forgets it: nothing does it again.",
            "What fails there is in the log, and not in the answer any more.",
        ),
        alternatives=("A row in an outbox, which a worker sends: it survives a restart, and can be tried again.",),
    )


def _nothing(known: Known, wanted: Sequence[Endpoint], found: Sequence[Side]) -> Already | Refusal:
    """Return why nothing is to be moved."""
    if found:
        items = tuple(f"{side.shown}: {side.why}" for side in found)
        return Refusal(reason="what these endpoints do on the side cannot be moved as it is", hint=_HINT, items=items)
    for one in wanted:
        function = endpoint_function(known, one)
        if function is not None and has_tasks(function):
            reason = f"{one.method} {one.path} hands its side work to BackgroundTasks ({one.file}:{one.line})"
            return Already(reason=reason)
    return Refusal(
        reason="no endpoint there mails, asks others over HTTP or writes a file without using what comes back",
        hint=f"where it takes long, {_HINT}",
    )


def _seen(known: Known, side: Side) -> Task | None:
    """Return a request that was seen to come to the work, if there is one."""
    if known.rehearsal is None:
        return None
    layout = Layout(known, Routes(known))
    # What is called by its name is looked up where it is called, and what is called through a module in that.
    home = side.helper[0] if "." in side.written else side.endpoint.file or ""
    place = f"{layout.module(home)}:{side.written.rpartition('.')[2]}"
    for call, around in attempts(known, side.endpoint):
        broken = around.model_copy(update={"patches": {place: BROKEN}})
        answer = known.rehearsal.converse([call], broken).answers[0]
        if FAILED in answer.error + answer.body:
            return Task(call, around, place, f"{side.written} {side.does}")
    return None


def _decisions(found: Sequence[Side], shown: Sequence[Side]) -> Iterator[str]:
    for side in shown:
        own = f", by {side.opener.name}, which opens a session of its own" if side.opener else ""
        yield f"After the answer: {side.shown}{own}."
    yield "The arguments are worked out before it, and the work is not done for a request that is refused."
    for side in found:
        if side.why:
            yield f"Left where it is: {side.shown}: {side.why}."
        elif not any(one is side for one in shown):
            yield f"Left where it is: {side.shown}: no request could be made here that comes to it."


RECIPE = Recipe(
    name="background-tasks",
    summary="side work that is done after the answer: mails, calls to others, files",
    wish=BackgroundWork,
    plan=plan,
    about=(
        "Calls of the app's own functions that mail, ask others over HTTP or write files, and whose result is not "
        "used, become BackgroundTasks. What is given the request's session gets one of its own. What is given a row, "
        "leaves the commit to the endpoint, or whose errors are answered, stays where it is, and is named. Proven: "
        "where the work fails, the request failed with it, and is now answered as it should be, and before the work "
        "is begun."
    ),
)
