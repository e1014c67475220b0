"""Write down as tests what was seen, one module for each subject."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue

from fastwright.recipes._app.testing import TestStyle
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._suite.observing import Seen
from fastwright.recipes._suite.signing_in import SignIn
from fastwright.recipes._suite.things import Thing

_OF_WHAT_IS_THERE = frozenset({"list", "read", "foreign", "change", "delete", "files"})
_MARK = re.compile(r"\{\{(\w+)\}\}")


@dataclass(frozen=True)
class Module:
    """Tests of some endpoints, in the style of the app's own; `name` is that of their file, `about` its docstring."""

    name: str
    about: str
    style: TestStyle
    things: Mapping[str, Thing]
    sign_in: SignIn | None
    seen: Sequence[Seen]

    @property
    def needed_account(self) -> SignIn | None:
        """How tests become callers, if some of them have to."""
        made = any(thing.create.auth.required for thing in self._helpers())
        return self.sign_in if made or any(one.signed for one in self.seen) else None

    def code(self) -> str:
        """Return the tests, without imports."""
        helpers = list(self._helpers())
        text = rendered(
            "suite/tests.py",
            style=self.style,
            account=Account(self.sign_in) if self.sign_in else None,
            helpers=helpers,
            made={one.name for one in helpers if one.name in self._made()},
            signed={thing.name for thing in helpers if thing.create.auth.required},
            seen=list(self.seen),
            source=self._source,
            needed=_needed,
            body_of=self._body,
            before_of=self._before,
            a=_with_article,
            refusals=_refusals,
            missing=self._missing,
        )
        # Within a function, no line is left blank.
        return re.sub(r"\n\n+(?=    )", "\n", text).rstrip() + "\n"

    def _made(self) -> set[str]:
        """Return the names of what some test needs to be there."""
        found: set[str] = set()
        for one in self.seen:
            if one.thing is not None:
                found |= {*self._all_needs(one.thing)}
                found |= {one.thing.name} if one.kind in _OF_WHAT_IS_THERE else set()
        return found

    def _helpers(self) -> Iterator[Thing]:
        """Yield the things that tests make, what they need first."""
        wanted = {need for one in self.seen if one.thing for need in (one.thing.name, *self._all_needs(one.thing))}
        return (thing for name, thing in self.things.items() if name in wanted)

    def _all_needs(self, thing: Thing) -> list[str]:
        """Return what has to be there before a thing, in the order in which it is made."""
        found: list[str] = []
        for need in thing.needs:
            found += [*self._all_needs(self.things[need]), need]
        return list(dict.fromkeys(found))

    def _before(self, thing: Thing) -> list[Thing]:
        return [self.things[name] for name in self._all_needs(thing)]

    def _missing(self, rows: Sequence[Seen]) -> list[tuple[str, ...]]:
        return [(repr(one.endpoint.method), repr(one.path), self._source(one.body)) for one in rows]

    def _body(self, thing: Thing) -> str:
        """Return the body of a thing as Python; what no two may share is made anew each time."""
        unique = dict(thing.unique)
        if not isinstance(thing.body, dict) or not unique:
            return self._source(thing.body)
        pairs = (f"{name!r}: {unique.get(name) or self._source(value)}" for name, value in thing.body.items())
        return "{" + ", ".join(pairs) + "}"

    def _source(self, value: JsonValue) -> str:
        """Return a value as Python, in which keys of things are looked up."""
        if isinstance(value, dict):
            return "{" + ", ".join(f"{name!r}: {self._source(one)}" for name, one in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self._source(one) for one in value) + "]"
        if not isinstance(value, str) or not _MARK.search(value):
            return repr(value)
        whole = _MARK.fullmatch(value)
        if whole:
            return f'{whole[1]}["{self.things[whole[1]].key}"]'
        keys = _MARK.sub(lambda found: "{" + f"{found[1]}['{self.things[found[1]].key}']" + "}", value)
        return f'f"{keys}"'


def sign_in_fixture(style: TestStyle, found: SignIn) -> str:
    """Return the fixture by which tests become callers."""
    return rendered("suite/sign_in.py", style=style, account=Account(found))


class Account:
    """What a stranger sends to become a caller, as Python."""

    def __init__(self, found: SignIn) -> None:
        self.register, self.sign_in, self.is_form, self.token = (
            found.register,
            found.sign_in,
            found.is_form,
            found.token,
        )
        values: dict[str, Any] = {name: repr(value) for name, value in found.account.items()}
        sample = str(found.account[found.named])
        values[found.named] = 'f"{uuid.uuid4().hex[:12]}@example.com"' if "@" in sample else "uuid.uuid4().hex[:12]"
        self.fresh = "{" + ", ".join(f"{name!r}: {value}" for name, value in values.items()) + "}"
        names = {str(value): name for name, value in reversed(found.account.items())}
        pairs = [(name, names.get(str(value), "")) for name, value in found.credentials.items()]
        given = [(name, f'account["{source}"]' if source else repr(found.credentials[name])) for name, source in pairs]
        self.given = "{" + ", ".join(f"{name!r}: {value}" for name, value in given) + "}"
        wrong = [(name, '"not the password"' if "pass" in name else value) for name, value in given]
        self.wrong = "{" + ", ".join(f"{name!r}: {value}" for name, value in wrong) + "}"


def _needed(value: JsonValue) -> list[str]:
    """Return the things whose keys are in a body."""
    return list(dict.fromkeys(_MARK.findall(str(value))))


def _with_article(name: str) -> str:
    return f"{'an' if name[:1] in 'aeiou' else 'a'}_{name}"


def _refusals(rows: Sequence[Seen]) -> list[tuple[str, ...]]:
    return [(repr(one.endpoint.method), repr(one.path), str(one.status)) for one in rows]
