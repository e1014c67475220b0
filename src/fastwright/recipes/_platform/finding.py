"""Find in the source what may do already what is asked for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fastwright.project.model import Endpoint
from fastwright.project.source import called
from fastwright.recipes._filtering.finding import endpoint_function
from fastwright.recipes._reading import reached
from fastwright.recipes._recipe import Known

# A call that asks a cache: `cache_get(key)`, `get_cached_posts()`, `redis.get(key)`, `self.cache.hget(…)`.
_KEPT = re.compile(
    r"(get_?(from_?)?cached?|cached?_?get|from_cache|read_cache)\w*$|(cache|redis)\w*(\(\))?\.(m|h)?get(all)?$",
    re.IGNORECASE,
)


def constants(known: Known, text: str) -> Iterator[str]:
    """Yield where a text is written out in the app's own code, in whatever case: as `file:line`."""
    wanted = text.lower()
    for file in known.source.own:
        for node in file.nodes:
            if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
                value = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
                if value.lower() == wanted:
                    yield f"{file.path}:{node.lineno}"


def attached(known: Known, *words: str) -> str:
    """Return the middleware of the running app whose name has one of these words in it, or nothing."""
    names = (name for name in known.project.conventions.middleware if any(word in name.lower() for word in words))
    return next(names, "")


def imported(known: Known, *packages: str) -> str:
    """Return where the app's own code imports one of these packages, as `file: package`, or nothing."""
    for file in known.source.own:
        for module, _name in file.imports:
            if module.split(".")[0] in packages:
                return f"{file.path} imports {module}"
    return ""


def kept(known: Known, endpoint: Endpoint) -> str:
    """Return where the code of an endpoint asks a cache of the app, as `call (file:line)`, or nothing."""
    function = endpoint_function(known, endpoint)
    for file, inner, _owner in reached(known, (endpoint.file or "", function, None)) if function else ():
        for node in ast.walk(inner):
            if isinstance(node, ast.Call) and _KEPT.search(ast.unparse(node.func)):
                return f"{called(node)} ({file}:{node.lineno})"
    return ""


def mounts(known: Known) -> tuple[str, ...]:
    """Return the paths at which the source mounts other apps, which have middleware and errors of their own."""
    return tuple(
        f"{node.args[0].value.rstrip('/')}/"
        for file in known.source.own
        for node in file.nodes
        if isinstance(node, ast.Call)
        and called(node) == "mount"
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    )
