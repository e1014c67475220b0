"""Which endpoints a path means: all at or below it, but for those that are left out."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

from fastwright.errors import InputError
from fastwright.project.model import Endpoint

_PARAMETER = re.compile(r"^\{[^}]*\}$")


def below(endpoints: Sequence[Endpoint], path: str, exceptions: Sequence[str] = ()) -> list[Endpoint]:
    """Return the endpoints at or below a path. Raises `InputError` for a path, or an exception, that matches none."""
    found = [endpoint for endpoint in endpoints if is_below(endpoint.path, path)]
    if not found:
        raise InputError(f"no endpoint is at or below {path}", hint=nearest(endpoints, path))
    for one in exceptions:
        if not any(is_below(endpoint.path, one) for endpoint in found):
            raise InputError(f"--except {one} leaves out nothing below {path}", hint=nearest(found, one))
    return [endpoint for endpoint in found if not any(is_below(endpoint.path, one) for one in exceptions)]


def is_below(path: str, prefix: str) -> bool:
    """Tell whether a path is `prefix` or below it; the names of parameters do not matter."""
    steps, start = _steps(path), _steps(prefix)
    return steps[: len(start)] == start


def is_same(path: str, other: str) -> bool:
    """Tell whether two paths are the same but for the names of parameters, and a slash at the end."""
    return _steps(path) == _steps(other)


def nearest(endpoints: Sequence[Endpoint], path: str) -> str:
    """Return a hint that names the paths that could be meant."""
    paths = sorted({endpoint.path for endpoint in endpoints})
    steps = _steps(path)
    containing = [one for one in paths if steps and steps[-1] in _steps(one)]
    near = difflib.get_close_matches(path, paths, n=5, cutoff=0.4)
    found = list(dict.fromkeys([*containing[:3], *near]))[:5]
    return f"did you mean {', '.join(found)}?" if found else f"the paths are {', '.join(paths[:8])}"


def _steps(path: str) -> list[str]:
    steps = [step for step in path.split("/") if step]
    return ["{}" if _PARAMETER.match(step) else step for step in steps]
