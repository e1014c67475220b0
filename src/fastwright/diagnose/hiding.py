"""What is shown of credentials: that they are there and of which kind, and never what they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from pydantic import JsonValue

from fastwright.diagnose import values
from fastwright.diagnose.answers import Loc
from fastwright.diagnose.body import Form, Raw
from fastwright.diagnose.model import Diagnosis, Problem
from fastwright.diagnose.plausible import FORMATS
from fastwright.diagnose.request import Pairs, Request

_HIDDEN = "…"
_CARRIED = re.compile(r"auth|token|key|secret|session|\bsid\b|jwt|csrf|xsrf|signature|credential|passw", re.IGNORECASE)
_TYPED = re.compile(r"passw|passphrase|^pwd$|^pin$|^otp$|secret|token|api_?key|private_?key", re.IGNORECASE)
_SCHEME = re.compile(r"(?i)(basic|bearer|token|digest|apikey) +(?=\S)")
# Shorter ones are hidden as whole values only: as a piece of a sentence they may be anything.
_SHORT = 6


@dataclass(frozen=True)
class Secrets:
    """The credentials in a request as somebody sent it; `locs` are places that turned out to hold some."""

    request: Request
    locs: tuple[Loc, ...] = ()

    def shown(self, request: Request) -> Request:
        """Return a request as it may be shown. What is in it in place of a secret of the caller stays."""
        hidden = request.with_parts(
            self._pairs(request.query, "query"),
            self._pairs(request.headers, "header"),
            self._pairs(request.cookies, "cookie"),
            request.body,
        )
        for loc in self.typed:
            if request.get(loc) == self.request.get(loc):
                hidden = hidden.set(loc, f"<{loc[-1]}>")
        return hidden

    @property
    def typed(self) -> tuple[Loc, ...]:
        """Where in the body there are passwords and the like."""
        form, whole = self.request.form, self.request.json
        if form is not None:
            return tuple(("body", name) for name in dict.fromkeys(part.name for part in form.parts) if _is_typed(name))
        return () if isinstance(whole, values.Missing) else tuple(_typed(whole, ("body",)))

    def replaced(self, request: Request) -> Request:
        """Return a request with another password in the place of the caller's own."""
        for loc in self.typed:
            if request.get(loc) == self.request.get(loc):
                request = request.set(loc, FORMATS["password"])
        return request

    def clean(self, found: Diagnosis) -> Diagnosis:
        """Return a diagnosis in whose texts none of the caller's credentials are left."""
        known = self._texts
        told = {"notes": _without(found.notes, known), "answer": _without(found.answer, known)}
        return found.model_copy(update={**told, "problems": tuple(self.clean_problems(found.problems))})

    def clean_problems(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return problems in whose texts none of the caller's credentials are left."""
        fields = ("got", "expected", "why", "fix")
        return [
            one.model_copy(update={name: _without(getattr(one, name), self._texts) for name in fields})
            for one in problems
        ]

    def _pairs(self, pairs: Pairs, part: str) -> Pairs:
        return tuple(
            (name, _placeholder(name, value) if self._is_secret(part, name) else value) for name, value in pairs
        )

    def _is_secret(self, part: str, name: str) -> bool:
        return bool(_CARRIED.search(name)) or any(
            loc[0] == part and str(loc[-1]).lower() == name.lower() for loc in self.locs
        )

    @property
    def _texts(self) -> frozenset[str]:
        return frozenset(text for text in self._all_texts() if text)

    def _all_texts(self) -> Iterator[str]:
        parts = {"query": self.request.query, "header": self.request.headers, "cookie": self.request.cookies}
        for part, pairs in parts.items():
            for name, value in pairs:
                if self._is_secret(part, name) and "<" not in value:
                    yield value
                    yield _SCHEME.sub("", value, count=1)
        for loc in self.typed:
            value = self.request.get(loc)
            yield value if isinstance(value, str) else ""
        if isinstance(self.request.body, Raw | Form) and self.typed:
            yield self.request.content.decode("utf-8", "replace")


def _is_typed(name: str) -> bool:
    return bool(_TYPED.search(name))


def _typed(value: JsonValue, loc: Loc) -> Iterator[Loc]:
    if isinstance(value, dict):
        for key, one in value.items():
            if _is_typed(key) and isinstance(one, str):
                yield (*loc, key)
            else:
                yield from _typed(one, (*loc, key))
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _typed(one, (*loc, number))


def _placeholder(name: str, value: str) -> str:
    """Return `Bearer <token>` for `Bearer eyJ…`; what is a placeholder already stays."""
    if not value or "<" in value:
        return value
    scheme = _SCHEME.match(value)
    kind = {"basic": "<user:password in base64>"}.get(scheme[1].lower(), "<token>") if scheme else f"<{name.lower()}>"
    return f"{scheme[1]} {kind}" if scheme else kind


def _without(value: object, secrets: Iterable[str]) -> object:
    if isinstance(value, dict):
        return {key: _without(one, secrets) for key, one in cast("dict[str, object]", value).items()}
    if isinstance(value, list | tuple):
        cleaned = [_without(one, secrets) for one in cast("list[object]", value)]
        return tuple(cleaned) if isinstance(value, tuple) else cleaned
    if not isinstance(value, str):
        return value
    for secret in sorted(secrets, key=len, reverse=True):
        if value == secret:
            return _HIDDEN
        value = value.replace(f'"{secret}"', f'"{_HIDDEN}"')
        if len(secret) >= _SHORT:
            value = value.replace(secret, _HIDDEN)
    return value
