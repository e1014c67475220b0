"""What endpoints of an app raise and return, written as its other endpoints have it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from fastwright.project.names import Symbol
from fastwright.project.source import last_name
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._resource.classes import Classes
from fastwright.recipes._resource.styles import EndpointStyle

_KINDS = {
    "missing": re.compile(r"not_?found|missing|doesnotexist", re.IGNORECASE),
    "conflict": re.compile(r"conflict|exists|duplicate|taken", re.IGNORECASE),
}


@dataclass(frozen=True)
class Errors:
    """What is raised for a row that is not there, and for one that is there already.

    Above a repository, services raise what their neighbours do; `own` are these, by what they are for.
    """

    style: EndpointStyle
    words: str
    own: dict[str, Symbol]
    unique: str

    @property
    def missing_row(self) -> str:
        return self._raised("missing", 404, f'"There is no such {self.words}"')

    @property
    def missing_other(self) -> str:
        return self._raised("missing", 404, 'f"There is no such {missing}"')

    def missing(self, words: str) -> str:
        return self._raised("missing", 404, f'"There is no such {words}"')

    @property
    def conflict(self) -> str:
        article = "an" if self.words[0] in "aeiou" else "a"
        return self._raised("conflict", 409, f'"There is {article} {self.words} with this {self.unique} already"')

    def _raised(self, kind: str, code: int, text: str) -> str:
        if kind in self.own:
            return f"{self.own[kind][1]}({text})"
        status = self.style.status(code)
        if self.style.names_errors:
            return f"HTTPException(status_code={status}, detail={text})"
        return f"HTTPException({status}, {text})"


def own_errors(app: Surroundings, layers: Classes | None) -> dict[str, Symbol]:
    """Return what the services of an app raise, where that is made of one text."""
    found: dict[str, Symbol] = {}
    for path in layers.service.siblings if layers and layers.service else ():
        for node in app.known.source.files[path].nodes:
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and len(node.exc.args) == 1:
                for kind, pattern in _KINDS.items():
                    symbol = app.known.names.resolve(path, node.exc.func)
                    if symbol is not None and pattern.search(last_name(node.exc.func)):
                        found.setdefault(kind, symbol)
    return found


@dataclass(frozen=True)
class Result:
    """How an endpoint gives its rows: as they are, where the decorator says of which model, else as that model."""

    read: str
    is_plain: bool

    def one(self, expression: str) -> str:
        return expression if self.is_plain else f"{self.read}.model_validate({expression})"

    def many(self, expression: str) -> str:
        return expression if self.is_plain else f"[{self.read}.model_validate(row) for row in {expression}]"
