"""stub"""

from fastwright.project.model import Project
from pathlib import Path


def read_static(directory: Path, *, app: str | None = None) -> Project:
    raise NotImplementedError
