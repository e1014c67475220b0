"""`ask` as a tool: the plan alone, since the client has the verbs to run it with."""

from __future__ import annotations

from pathlib import Path

from fastwright.agent.offline import OfflinePlanner
from fastwright.agent.plan import Planned
from fastwright.agent.project import view
from fastwright.design.model import Frozen
from fastwright.mcp.verbtool import VerbTool
from fastwright.verbs.map import MapRequest, map_project


class AskRequest(Frozen):
    """What a person wants, of which project."""

    words: str
    project: Path = Path()
    python: Path | None = None
    app: str | None = None
    env_file: Path | None = None


def _plan(request: AskRequest) -> Planned:
    found = map_project(MapRequest(**request.model_dump(exclude={"words"})))
    return OfflinePlanner().plan(request.words, view(found.model_dump(mode="json")))


TOOL = VerbTool(
    title="Plan by words",
    description=(
        "Turn what a person wants, in their own words, into a plan of verbs with arguments, grounded in this project: "
        "its paths, models and roles. Where the words leave a choice it answers with questions and the readings as "
        "choices: put them to the person. It runs nothing; call the tools of the plan in its order."
    ),
    effect="reads",
    request=AskRequest,
    result=Planned,
    run=lambda request, _progress: _plan(request),
    as_data=Planned.as_data,
    about={"words": "What the person wants, as they said it."},
)
