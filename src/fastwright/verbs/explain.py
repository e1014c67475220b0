"""`explain`: why a request is refused, what would be accepted, and, if that is wanted, the app changed to accept it."""

from __future__ import annotations

from pathlib import Path

from fastwright.changes import Change
from fastwright.diagnose.conversation import converse
from fastwright.diagnose.inputs import Typed
from fastwright.diagnose.model import Diagnosis, Refusals
from fastwright.diagnose.offering import Accepted, Asked, Offer, offer
from fastwright.diagnose.refusals import group_refusals
from fastwright.project.interpreter import find_interpreter
from fastwright.project.read import checked_root
from fastwright.project.where import Where
from fastwright.proof.carrying import carry_out
from fastwright.proof.ground import standing_on
from fastwright.proof.model import NOT_RUN, Progress, Proof, silent


class ExplainRequest(Where):
    """Which request, of which project, and how to import that. `response` is what the app answered elsewhere.

    With `fix` the app is changed, where one change is known that lets it accept the request.
    """

    typed: Typed
    response: str = ""
    fix: bool = False
    dry_run: bool = False


class Explained(Diagnosis):
    """The diagnosis, and the `change` to the app with which the request is accepted, where one is known.

    That was tried on a copy: `tried` says how the request is answered without it and with it. Without `fix` it is only
    offered; `proof` then has no steps.
    """

    change: Change | None = None
    diff: str = ""
    tried: str = ""
    proof: Proof = NOT_RUN
    landed: bool = False
    journal: str = ""


def explain(request: ExplainRequest, progress: Progress = silent) -> Explained:
    """Return the diagnosis. Nothing is written to any database that was not created for it.

    Raises `InputError` if the request or the project cannot be read.
    """
    # Named once: a copy of the project, in which a change is tried, has no environment of its own.
    python = find_interpreter(checked_root(request.project.resolve()), request.python)
    where = Where(project=request.project, python=python, app=request.app, env_file=request.env_file)
    asked = Asked(where, request.typed, request.response)
    found = asked.diagnosed()
    offered = offer(asked, found)
    if offered is None:
        return Explained(**dict(found))
    told = Explained(**dict(found), change=offered.change, diff=offered.diff, tried=offered.evidence)
    return _fixed(request, asked, offered, told, progress) if request.fix else told


def _fixed(request: ExplainRequest, asked: Asked, offered: Offer, told: Explained, progress: Progress) -> Explained:
    with standing_on(asked.where) as ground:
        promise = Accepted(asked, offered)
        carried = carry_out(ground, offered.change, promise, dry_run=request.dry_run, progress=progress)
    done = {"diff": carried.diff, "proof": carried.proof, "landed": carried.landed, "journal": carried.journal}
    return told.model_copy(update=done)


def explain_log(request: ExplainRequest, log: Path) -> Refusals:
    """Return the refused requests of an access log by endpoint and cause, the most frequent first.

    Raises `InputError` if the log or the project cannot be read.
    """
    with converse(request) as talk:
        return group_refusals(talk, log)
