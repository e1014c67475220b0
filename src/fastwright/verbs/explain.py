"""`explain`: why a request is refused, and what would be accepted."""

from __future__ import annotations

from pathlib import Path

from fastwright.design.model import Frozen
from fastwright.diagnose.conversation import converse
from fastwright.diagnose.diagnosis import diagnose
from fastwright.diagnose.inputs import Typed
from fastwright.diagnose.model import Diagnosis, Refusals
from fastwright.diagnose.refusals import group_refusals
from fastwright.proof.ground import Where


class ExplainRequest(Frozen):
    """Which request, of which project, and how to import that. `response` is what the app answered elsewhere."""

    typed: Typed
    response: str = ""
    project: Path = Path()
    python: Path | None = None
    app: str | None = None
    env_file: Path | None = None


def explain(request: ExplainRequest) -> Diagnosis:
    """Return the diagnosis. Nothing is written to any database that was not created for it.

    Raises `InputError` if the request or the project cannot be read.
    """
    with converse(_where(request)) as talk:
        return diagnose(talk, request.typed, request.response)


def explain_log(request: ExplainRequest, log: Path) -> Refusals:
    """Return the refused requests of an access log by endpoint and cause, the most frequent first.

    Raises `InputError` if the log or the project cannot be read.
    """
    with converse(_where(request)) as talk:
        return group_refusals(talk, log)


def _where(request: ExplainRequest) -> Where:
    return Where(project=request.project, python=request.python, app=request.app, env_file=request.env_file)
