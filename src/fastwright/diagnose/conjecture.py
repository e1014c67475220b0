"""What would have passed a condition of the app: conjectures from what it looked at, each to be tried by sending it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue

from fastwright.diagnose import values
from fastwright.diagnose.answers import Fact, Loc, Route
from fastwright.diagnose.guesses import Side, apart, called_values, compared_values, shifted
from fastwright.diagnose.mending.texts import nearest
from fastwright.diagnose.plausible import by_name
from fastwright.diagnose.request import Request

_NUMBERS = (1, 2, 5, 10, 50, 100, 1000, 0)
_TEXTS = (
    "Corr3ct-Horse-9!",
    "ada@example.com",
    "Ada Lovelace",
    "ABC-1234",
    "abc123",
    "12345678",
    "https://example.com/",
)


@dataclass(frozen=True)
class Conjecture:
    """Proposes requests. `place` says where the value is that a condition calls by some name."""

    request: Request
    route: Route | None
    place: Callable[[str], Loc | None]
    facts: Sequence[Fact]
    constants: Sequence[str | int | float]

    def requests(self, loc: Loc | None) -> Iterator[Request]:
        """Yield requests that could pass, the likeliest first; `loc` is what is known to be refused."""
        seen: set[str] = set()
        for request in self._all(loc):
            key = repr(request)
            if key not in seen and request != self.request:
                seen.add(key)
                yield request

    def _all(self, loc: Loc | None) -> Iterator[Request]:
        for fact in self.facts:
            yield from self._from(fact)
        if loc is not None:
            yield from self._about(loc)

    def _from(self, fact: Fact) -> Iterator[Request]:
        match fact.kind:
            case "choice":
                yield from self._chosen(fact)
            case "compare":
                yield from self._compared(fact)
            case "call":
                yield from self._called(fact)
            case "truth":
                yield from self._true(fact)

    def _set(self, loc: Loc, value: JsonValue) -> Request:
        """Return the request with a value, also where it is repeated: a password and its confirmation."""
        request = self.request.set(loc, value, self.route)
        for other in self._repeated(loc):
            request = request.set(other, value, self.route)
        return request

    def _repeated(self, loc: Loc) -> Iterator[Loc]:
        if len(loc) < 2:
            return
        parent = self.request.get(loc[:-1], self.route)
        old = self.request.get(loc, self.route)
        if isinstance(parent, dict) and isinstance(old, str) and old:
            for key, one in parent.items():
                if key != loc[-1] and one == old and str(loc[-1]).lower() in key.lower():
                    yield (*loc[:-1], key)

    def _get(self, loc: Loc) -> JsonValue:
        found = self.request.get(loc, self.route)
        return None if isinstance(found, values.Missing) else found

    def _chosen(self, fact: Fact) -> Iterator[Request]:
        loc = self.place(fact.subject)
        if loc is None or not fact.choices:
            return
        choices = list(fact.choices)
        best = nearest(self._get(loc), choices)
        for choice in [best, *(one for one in choices if one != best)]:
            yield self._set(loc, choice)

    def _apart(self, fact: Fact) -> Iterator[Request]:
        """Yield requests in which two moments are as far apart as they have to be: `(end - start).days > 14`."""
        match = re.match(r"\(?([\w.\[\]'\"]+) - ([\w.\[\]'\"]+)\)?", fact.left)
        limit = fact.right_value
        later, earlier = (self.place(match[1]), self.place(match[2])) if match else (None, None)
        if later is None or earlier is None or not isinstance(limit, int | float):
            return
        for moment in apart(values.text(self._get(earlier)), limit, fact.op):
            yield self._set(later, moment)

    def _compared(self, fact: Fact) -> Iterator[Request]:
        yield from self._apart(fact)
        left, right = self.place(fact.left), self.place(fact.right)
        if fact.op == "in" and isinstance(fact.right_value, dict) and fact.right_value == self._get(("body",)):
            key = str(fact.left_value)
            yield from (self._set(("body", key), made) for made in (by_name(key), 1, None))
        if left is not None:
            is_plain = right is not None and right != left and fact.right_function != "len"
            other = self._get(right) if right is not None and is_plain else fact.right_value
            yield from self._sided(left, fact.left_function, fact.op, other, fact.right_function)
        if right is not None and right != left:
            other = self._get(left) if left is not None else fact.left_value
            yield from self._sided(right, fact.right_function, _mirrored(fact.op), other, fact.left_function)

    def _sided(self, loc: Loc, function: str, op: str, other: JsonValue, other_function: str) -> Iterator[Request]:
        value = self._get(loc)
        for made in compared_values(Side(value, function, op, other, other_function, str(loc[-1]))):
            yield self._set(loc, made)

    def _called(self, fact: Fact) -> Iterator[Request]:
        loc = self.place(fact.subject)
        if loc is None:
            return
        text = values.text(self._get(loc))
        for made in called_values(fact, text, str(loc[-1])):
            yield self._set(loc, made)

    def _true(self, fact: Fact) -> Iterator[Request]:
        loc = self.place(fact.subject)
        if loc is None:
            return
        value = self._get(loc)
        if isinstance(value, bool):
            yield self._set(loc, fact.wanted)
        elif isinstance(value, int | float) and fact.subject.isidentifier() is False:
            yield from (self._set(loc, number) for number in (value + 1, value - 1, value * 2, *_NUMBERS))
        elif fact.wanted:
            yield self._set(loc, by_name(str(loc[-1])))
            yield self._set(loc, [by_name(str(loc[-1]))])
            yield self._set(loc, 1)
        else:
            yield self.request.without(loc)
            yield self._set(loc, None)

    def _about(self, loc: Loc) -> Iterator[Request]:
        """Yield values that are likely to pass a check of which nothing is known."""
        value = self._get(loc)
        for constant in self.constants:
            yield from (self._set(loc, one) for one in _around(constant, value))
        if isinstance(value, str):
            name = str(loc[-1])
            for text in (value.strip(), value.lower(), value.upper(), value.title(), by_name(name), *_TEXTS):
                yield self._set(loc, text)
            yield from (self._set(loc, one) for one in shifted(value))
        elif isinstance(value, bool):
            yield self._set(loc, not value)
        elif isinstance(value, int | float):
            yield from (self._set(loc, number) for number in (abs(value), *_NUMBERS))
        elif isinstance(value, list) and value:
            yield self._set(loc, [one for n, one in enumerate(value) if one not in value[:n]])
            yield self._set(loc, value[:1])


def _mirrored(op: str) -> str:
    return {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "in": "contains", "not in": "lacks"}.get(op, op)


def _around(constant: float | str, value: JsonValue) -> Iterator[JsonValue]:
    """Yield values around a constant that the code of a check has."""
    if isinstance(constant, str):
        if isinstance(value, str) and constant.strip():
            yield constant
            yield constant + value
            yield value + constant
        return
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield from (cast("JsonValue", constant + step) for step in (0, 1, -1))
