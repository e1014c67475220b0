"""`map`: the project as understood, and who may call what."""

from __future__ import annotations

from fastwright.project.model import Project
from fastwright.project.read import Limits, read_project
from fastwright.project.static import read_static
from fastwright.project.where import Where
from fastwright.proof.journal import recover


class MapRequest(Where):
    """Which project, and how to import it. With `static` nothing of it is run."""

    static: bool = False
    limits: Limits = Limits()


def map_project(request: MapRequest) -> Project:
    """Return what the project is. Raises `ProjectError` if it cannot be read."""
    recover(request.project)
    if request.static:
        return read_static(request.project, app=request.app)
    return read_project(
        request.project,
        python=request.python,
        app=request.app,
        env_file=request.env_file,
        limits=request.limits,
    )
