"""`map` as a tool."""

from __future__ import annotations

from fastwright.mcp.verbtool import VerbTool
from fastwright.project.model import Project
from fastwright.verbs.map import MapRequest, map_project

TOOL = VerbTool(
    title="Map the backend",
    description=(
        "Tell what a FastAPI project is: every endpoint, who may call it (seen by a real request without credentials), "
        "models, relations, indexes, conventions, and what could not be resolved. Call it before you plan or write "
        "anything. It changes nothing: the app is imported from a copy, without its databases and the network."
    ),
    effect="reads",
    request=MapRequest,
    result=Project,
    run=lambda request, _progress: map_project(request),
    about={"static": "Read the source only and run none of it; then nothing is proven."},
)
