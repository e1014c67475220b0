"""`explain --fix` as a tool of its own: `explain` itself only reads, and clients may call it without asking."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from fastwright.mcp.tools.explain import ToldRequest, explained
from fastwright.mcp.verbtool import VerbTool
from fastwright.render.explain_fix import explained_as_data
from fastwright.verbs.explain import Explained


class FixRequest(ToldRequest):
    """The request that the app should accept."""

    dry_run: bool = Field(default=False, description="Prove it, and write nothing.")


def _as_data(found: Explained) -> dict[str, Any]:
    return explained_as_data(found, fix=True)


TOOL = VerbTool(
    title="Let the app accept a refused request",
    description=(
        "Change the app where it is at fault that a request is refused: an optional field without a default, a route "
        "that hides another, a relation that is loaded too late. It lands only if the same request was refused before "
        "and is accepted after, and all else is as before. Call `explain` first."
    ),
    effect="changes",
    request=FixRequest,
    result=Explained,
    run=lambda request, progress: explained(request, fix=True, dry_run=request.dry_run, progress=progress),
    as_data=_as_data,
)
