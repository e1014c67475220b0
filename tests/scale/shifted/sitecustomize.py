"""A process that finds this on its path has a clock that is CLOCK_SHIFT seconds off: Python's, PyJWT's and its own."""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

SHIFT = float(os.environ["CLOCK_SHIFT"])
_now = time.time


class AnyDatetime(type):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, dt.datetime)


class Shifted(dt.datetime, metaclass=AnyDatetime):
    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
        return dt.datetime.now(tz) + dt.timedelta(seconds=SHIFT)


class Finder(MetaPathFinder):
    """Shifts the clock of two modules as soon as they have been executed."""

    def find_spec(self, name: str, path: object, _target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in {"app.database", "jwt.api_jwt"}:
            return None
        spec = PathFinder.find_spec(name, path)  # type: ignore[arg-type]
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def shifted(module: ModuleType) -> None:
            execute(module)
            if name == "jwt.api_jwt":
                module.datetime = Shifted  # type: ignore[attr-defined]
            else:
                module.utc_now = lambda: Shifted.now(dt.UTC)  # type: ignore[attr-defined]

        spec.loader.exec_module = shifted  # type: ignore[method-assign]
        return spec


time.time = lambda: _now() + SHIFT
sys.meta_path.insert(0, Finder())
