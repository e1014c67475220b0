"""`explain`: why a request is refused, and what would be accepted."""

from __future__ import annotations

from pathlib import Path

from fastwright.diagnose.conversation import converse
from fastwright.diagnose.diagnosis import diagnose
from fastwright.diagnose.inputs import Typed
from fastwright.diagnose.model import Diagnosis, Refusals
from fastwright.diagnose.refusals import group_refusals
from fastwright.project.where import Where


class ExplainRequest(Where):
    """Which request, of which project, and how to import that. `response` is what the app answered elsewhere."""

    typed: Typed
    response: str = ""


def explain(request: ExplainRequest) -> Diagnosis:
    """Return the diagnosis. Nothing is written to any database that was not created for it.

    Raises `InputError` if the request or the project cannot be read.
    """
    with converse(request) as talk:
        return diagnose(talk, request.typed, request.response)


def explain_log(request: ExplainRequest, log: Path) -> Refusals:
    """Return the refused requests of an access log by endpoint and cause, the most frequent first.

    Raises `InputError` if the log or the project cannot be read.
    """
    with converse(request) as talk:
        return group_refusals(talk, log)
