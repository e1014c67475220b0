"""Modules of the project's environment: what they hold is not known to our type checker."""

from __future__ import annotations

import importlib
from typing import Any


def foreign(name: str) -> Any:
    """Import a module of the project's environment."""
    return importlib.import_module(name)
