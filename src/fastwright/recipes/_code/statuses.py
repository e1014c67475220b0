"""How an app writes statuses: as numbers, or as names of `status`."""

from __future__ import annotations

import ast
import re

from fastwright.project.locate import keyword
from fastwright.project.source import called
from fastwright.recipes._recipe import Known

_NAMED = re.compile(r"\bstatus\.HTTP_(\d{3})_[A-Z_]+")


def writes_numbers(known: Known) -> bool:
    """Tell whether most statuses are numbers, and not names of `status`."""
    numbers = names = 0
    for file in known.source.own:
        for node in file.nodes:
            if isinstance(node, ast.Call) and (called(node) == "HTTPException" or keyword(node, "status_code")):
                value = keyword(node, "status_code") or (node.args[0] if node.args else None)
                numbers += isinstance(value, ast.Constant)
                names += isinstance(value, ast.Attribute)
    return numbers > names


def with_numbers(code: str) -> str:
    """Return code with the numbers of the statuses that it names."""
    return _NAMED.sub(r"\1", code)
