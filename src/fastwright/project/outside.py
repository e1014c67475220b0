"""The name of the package that a project is, where only what is in it is there: `app`, of `from app.users import …`."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from itertools import accumulate

from fastwright.project.source import SourceFile

_BELOW = re.compile(rb"^[ \t]*(?:from|import)[ \t]+(\w+)\.([\w.]+)", re.MULTILINE)
_OF = re.compile(rb"^[ \t]*from[ \t]+(\w+)[ \t]+import[ \t]+(\w+)", re.MULTILINE)
# So many modules are imported by it at least; a single one may be named as a module of a library is.
_FEWEST = 2


def package_of(files: Mapping[str, SourceFile]) -> str:
    """Return what the modules of a project call the directory that they are in, if it is not in the project.

    It is a name that nothing in the project has, of which all that is imported is in the project.
    """
    steps = [path.removesuffix(".py").removesuffix("/__init__").split("/") for path in files]
    inside = {dotted for one in steps for dotted in accumulate(one, "{}.{}".format)}
    parts = {name for one in steps for name in one} | sys.stdlib_module_names
    wanted: dict[str, set[str]] = {}
    for file in files.values():
        for first, rest in (*_BELOW.findall(file.content), *_OF.findall(file.content)):
            wanted.setdefault(first.decode(), set()).add(rest.decode())
    fitting = [one for one, rests in wanted.items() if one not in parts and len(rests) >= _FEWEST and rests <= inside]
    return max(fitting, key=lambda name: (len(wanted[name]), name), default="")
