"""Packages that an app's interpreter is lent where it has none of its own.

What stands in for the database of an app that only knows `asyncpg` is SQLite, and that takes `aiosqlite`, which hardly
any such app has. An app without migrations has no Alembic either, until it is given some. Ours are found by the last of
the finders, so a package that the app has itself comes first.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path

# Alembic stands on Mako, and that on MarkupSafe; SQLAlchemy is the app's own.
_PACKAGES = ("aiosqlite", "alembic", "mako", "markupsafe")


@cache
def lent() -> Mapping[str, str]:
    """Return the variable that tells a process of the project where the packages are (`probe/lending.py`)."""
    found = [importlib.util.find_spec(name) for name in _PACKAGES]
    places = [str(Path(spec.origin).parent) for spec in found if spec and spec.origin]
    return {"FASTWRIGHT_LENT": os.pathsep.join(places)} if places else {}
