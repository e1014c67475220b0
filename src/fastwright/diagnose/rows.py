"""Which rows are made in the scratch database before a request is sent: what the app looked for, then what is named."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from pydantic import JsonValue

from fastwright.diagnose import values
from fastwright.diagnose.answers import Answer, Route, Row
from fastwright.diagnose.request import Request, path_parameters

_MOST = 30
_LEVELS = 2
_SHIFTS = 2


@dataclass
class Rows:
    """It begins with none. `level` 1 makes the rows that the request names, 2 makes rows in every table.

    A row that was looked for and should not have been there is `unwanted`: an address that is taken. With another
    `shift` all rows have other values; `sparse` ones have nothing in columns that may be null. `columns` have these
    values in every row. With `other_caller` the stand-in for the caller is none of the rows that the request names.
    """

    sought: list[Row] = field(default_factory=list[Row])
    unwanted: list[Row] = field(default_factory=list[Row])
    level: int = 0
    highest: int = _LEVELS
    shift: int = 0
    sparse: bool = False
    columns: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    other_caller: bool = False
    _last: Row | None = None

    def __bool__(self) -> bool:
        return bool(self.sought) or self.level > 0

    @property
    def state(self) -> tuple[int, ...]:
        """What changes whenever other rows are made."""
        return len(self.sought), len(self.unwanted), self.level, self.shift, len(self.columns), int(self.other_caller)

    def has_more(self, answer: Answer) -> bool:
        """Tell whether there are rows that could be made in addition."""
        return self.level < self.highest or bool(self._new(answer))

    def add(self, answer: Answer) -> None:
        """Make the row, too, that was looked for last; or, if it was there, rows that may be needed."""
        new = self._new(answer)
        self._last = new[-1] if new else None
        if self._last is not None:
            self.sought.append(self._last)
        elif self.level < self.highest:
            self.level += 1

    def can_vary(self) -> bool:
        """Tell whether other rows could be made in place of these."""
        return bool(self) and (self._last is not None or self.level > 0 or self.shift < _SHIFTS)

    def vary(self) -> None:
        """Make other rows, since the app found one that it should not have found."""
        if self._last is not None:
            self.sought.remove(self._last)
            self.unwanted.append(self._last)
            self._last = None
        elif self.level:
            self.level = self.highest = 0
        else:
            self.shift += 1

    def wish(self, request: Request, route: Route | None) -> dict[str, Any] | None:
        """Return what the guest has to make, or nothing."""
        if not (self or self.sparse or self.other_caller):
            return None
        named = {**_named(request, route), "all": self.level > 1} if self.level else {}
        told = [row.model_dump() for row in self.sought]
        password = next((str(value) for name, value in _pairs(request) if re.search(r"passw|^pwd$", name)), "")
        return {
            **named,
            "sought": told,
            "shift": self.shift,
            "sparse": self.sparse,
            "password": password,
            "columns": self.columns,
            "other_caller": self.other_caller,
        }

    def _new(self, answer: Answer) -> list[Row]:
        return [row for row in answer.sought if row.values and row not in self.sought and row not in self.unwanted]


def _named(request: Request, route: Route | None) -> dict[str, Any]:
    """Return the values in a request that may be keys of rows, by their names where they have one."""
    pairs: list[tuple[str, JsonValue]] = list((path_parameters(request.path, route) if route else {}).items())
    pairs += [*request.query, *_pairs(request)]
    keys = [(name, value) for name, value in pairs if _is_key(name)]
    words = [name for name, _value in keys] + [step for step in request.path.split("/") if step]
    return {"values": [value for _name, value in keys][:_MOST], "named": dict(reversed(keys)), "words": words}


def _pairs(request: Request) -> list[tuple[str, JsonValue]]:
    """Return the values in the body, each with the name of its field."""
    if request.form is not None:
        return [(part.name, part.text) for part in request.form.parts if part.filename is None]
    whole = request.json
    return [] if isinstance(whole, values.Missing) else _leaves(whole, "")


def _is_key(name: str) -> bool:
    """Tell whether a name is that of a key: `id`, `product_id`, `userId`, `tag_ids`, `slug`."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return (
        bool(re.search(r"(^|_)(ids?|uuid|pk|key|slug|code|no|number|name|username|sku|isbn|ref)$", plain)) or not plain
    )


def _leaves(value: JsonValue, name: str) -> list[tuple[str, JsonValue]]:
    if isinstance(value, dict):
        return [pair for key, one in value.items() for pair in _leaves(one, key)]
    if isinstance(value, list):
        return [pair for one in value for pair in _leaves(one, name)]
    return [(name, value)]
