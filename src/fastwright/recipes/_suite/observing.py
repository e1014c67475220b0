"""Ask an app what it answers, well and badly called, and keep what is as it should be: each is a test to be written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

from pydantic import JsonValue

from fastwright.project.model import Endpoint
from fastwright.proof.calls import Answer, Call
from fastwright.recipes._recipe import Rehearsal
from fastwright.recipes._suite.contract import Contract
from fastwright.recipes._suite.signing_in import HEADERS, OTHERS, SignIn
from fastwright.recipes._suite.things import Thing, path_of

Kind = Literal[
    "anonymous",
    "unqualified",
    "missing",
    "plain",
    "create",
    "invalid",
    "list",
    "read",
    "change",
    "repeat",
    "delete",
    "gone",
    "wrong",
    "foreign",
    # These are not asked about, but written by recipes that add them.
    "again",
    "files",
]
_SHOULD: dict[Kind, tuple[int, ...]] = {
    "anonymous": (401, 403),
    "unqualified": (403,),
    "missing": (404,),
    "plain": (200,),
    "create": (200, 201, 202, 204),
    "invalid": (422,),
    "list": (200,),
    "read": (200,),
    "change": (200, 201, 202, 204),
    "repeat": (409,),
    "delete": (200, 202, 204),
    "gone": (404,),
    "wrong": (400, 401, 403),
    "foreign": (400, 403, 404),
}
_NOWHERE = {"uuid": "00000000-0000-4000-8000-000000000000", "integer": "987654321", "string": "nothing-like-this"}


@dataclass(frozen=True)
class Seen:
    """A request that was answered as it should be. `thing` is what it is about, `echoed` what came back of the body.

    `listed` is how to get from the answer to the items of a list, if they have the key of the thing.
    """

    kind: Kind
    endpoint: Endpoint
    path: str
    status: int = 0
    body: JsonValue = None
    signed: bool = False
    thing: Thing | None = None
    echoed: tuple[str, ...] = ()
    listed: str | None = None


@dataclass
class _Asking:
    """The requests of a conversation, each with what it is asked for."""

    calls: list[Call] = field(default_factory=list[Call])
    wanted: list[Seen] = field(default_factory=list[Seen])

    def ask(self, wanted: Seen, keep: dict[str, str] | None = None, sent: str = "json_body") -> None:
        headers = (OTHERS if wanted.kind == "foreign" else HEADERS) if wanted.signed else {}
        call = {"method": wanted.endpoint.method, "path": wanted.path, "headers": headers, "keep": keep or {}}
        self.calls.append(Call.model_validate({**call, sent: wanted.body}))
        self.wanted.append(wanted)


@dataclass(frozen=True)
class Observer:
    """Asks about endpoints; `sign_in` is how to become a caller, if that is possible."""

    rehearsal: Rehearsal
    contract: Contract
    sign_in: SignIn | None
    things: tuple[Thing, ...]

    def observe(self, endpoints: Sequence[Endpoint]) -> tuple[list[Seen], list[str]]:
        """Return what is answered as it should be, and in words what is not."""
        asking = _Asking()
        for one in self._refused(endpoints):
            asking.ask(one)
        for thing in self.things:
            self._ask_about(asking, thing, endpoints)
        for one in (*self._missing(endpoints), *self._plain(endpoints)):
            asking.ask(one)
        self._ask_with_a_wrong_password(asking, endpoints)
        for thing in reversed(self.things):
            self._ask_to_delete(asking, thing, endpoints)
        first = self.sign_in.calls if self.sign_in else []
        answers = self.rehearsal.converse([*first, *asking.calls]).answers[len(first) :]
        seen: list[Seen] = []
        odd: list[str] = []
        for wanted, answer in zip(asking.wanted, answers, strict=True):
            if answer.status in _SHOULD[wanted.kind]:
                seen.append(_with_answer(wanted, answer))
            elif answer.status is None or answer.status >= 500:
                odd.append(f"{wanted.endpoint.method} {wanted.endpoint.path} fails ({wanted.kind}): {answer.error}")
        return _whole(seen), list(dict.fromkeys(odd))

    def _refused(self, endpoints: Sequence[Endpoint]) -> Iterator[Seen]:
        for one in endpoints:
            nowhere = self._nowhere(one)
            if one.auth.required:
                yield Seen("anonymous", one, nowhere)
                if one.auth.roles and self.sign_in:
                    yield Seen("unqualified", one, nowhere, signed=True)

    def _missing(self, endpoints: Sequence[Endpoint]) -> Iterator[Seen]:
        for one in endpoints:
            if "{" in one.path and self._may(one) and not self.contract.needs_query(one):
                body = self.contract.sample(one) if self.contract.body(one) is not None else None
                yield Seen("missing", one, self._nowhere(one), body=body, signed=one.auth.required)

    def _ask_with_a_wrong_password(self, asking: _Asking, endpoints: Sequence[Endpoint]) -> None:
        found = self.sign_in
        for one in endpoints:
            if found is not None and (one.method, one.path) == ("POST", found.sign_in):
                body = {
                    name: "not the password" if "pass" in name else value for name, value in found.credentials.items()
                }
                asking.ask(Seen("wrong", one, one.path, body=body), sent="form" if found.is_form else "json_body")

    def _plain(self, endpoints: Sequence[Endpoint]) -> Iterator[Seen]:
        collections = {thing.create.path.rstrip("/") for thing in self.things}
        for one in endpoints:
            is_read = one.method == "GET" and "{" not in one.path and one.path.rstrip("/") not in collections
            if is_read and self._may(one) and not self.contract.needs_query(one):
                yield Seen("plain", one, one.path, signed=one.auth.required)

    def _ask_about(self, asking: _Asking, thing: Thing, endpoints: Sequence[Endpoint]) -> None:
        if not self._may(thing.create):
            return
        signed = thing.create.auth.required
        keep = {thing.name: f"/{thing.key}"} if thing.key else {}
        asking.ask(Seen("create", thing.create, thing.path, body=thing.body, signed=signed, thing=thing), keep)
        if (self.contract.body(thing.create) or {}).get("required"):
            asking.ask(Seen("invalid", thing.create, thing.path, body={}, signed=signed, thing=thing))
        about = [(one, path_of(one, self.things)) for one in endpoints if self._may(one)]
        item = f"{thing.path.rstrip('/')}/{thing.mark}" if thing.item else ""
        for kind, method, path in (("list", "GET", thing.path), ("read", "GET", item), ("change", "", item)):
            for one, where in about:
                fits = one.method == method if method else one.method in ("PUT", "PATCH")
                if path and fits and where.rstrip("/") == path.rstrip("/") and not self.contract.needs_query(one):
                    body = self._changed(one, thing) if not method else None
                    asking.ask(Seen(cast("Kind", kind), one, where, body=body, signed=one.auth.required, thing=thing))
                    if kind == "read" and one.auth.required:
                        asking.ask(Seen("foreign", one, where, signed=True, thing=thing))
        asking.ask(Seen("repeat", thing.create, thing.path, body=thing.body, signed=signed, thing=thing))

    def _ask_to_delete(self, asking: _Asking, thing: Thing, endpoints: Sequence[Endpoint]) -> None:
        item = f"{thing.path.rstrip('/')}/{thing.mark}"
        about = {one.method: one for one in endpoints if self._may(one) and path_of(one, self.things) == item}
        if thing.item and "DELETE" in about:
            asking.ask(Seen("delete", about["DELETE"], item, signed=about["DELETE"].auth.required, thing=thing))
            if "GET" in about:
                asking.ask(Seen("gone", about["GET"], item, signed=about["GET"].auth.required, thing=thing))

    def _changed(self, endpoint: Endpoint, thing: Thing) -> JsonValue:
        """Return a body that is another than that of the thing, where that can be told."""
        body = self.contract.sample(endpoint) if self.contract.body(endpoint) is not None else None
        if not isinstance(body, dict):
            return body
        known = thing.body if isinstance(thing.body, dict) else {}
        rules: dict[str, Any] = (self.contract.body(endpoint) or {}).get("properties", {})
        changed = {**body, **{name: value for name, value in known.items() if name in body}}
        free = [name for name, value in known.items() if name in rules and _is_free(rules[name], value)]
        if free:
            changed[free[0]] = f"{known[free[0]]}, changed"
        return changed

    def _may(self, endpoint: Endpoint) -> bool:
        """Tell whether a test can get past the guards, as a stranger or as who has just signed up."""
        return not endpoint.auth.required or (self.sign_in is not None and not endpoint.auth.roles)

    def _nowhere(self, endpoint: Endpoint) -> str:
        """Return the path with keys that nothing has."""

        def key(found: re.Match[str]) -> str:
            schema = self.contract.parameter(endpoint, found[1])
            kinds = [str(schema.get("format", "")), str(schema.get("type", ""))]
            return next((_NOWHERE[kind] for kind in kinds if kind in _NOWHERE), _NOWHERE["integer"])

        return re.sub(r"\{([^}:]+)[^}]*\}", key, endpoint.path)


def _is_free(rule: dict[str, Any], value: JsonValue) -> bool:
    """Tell a text that may be any other."""
    rules = [rule, *rule.get("anyOf", [])]
    is_bound = any({"pattern", "format", "enum", "const", "$ref"} & {*one} for one in rules)
    longest = min([int(one["maxLength"]) for one in rules if "maxLength" in one], default=99)
    return isinstance(value, str) and "{{" not in value and not is_bound and longest >= len(value) + 9


def _with_answer(wanted: Seen, answer: Answer) -> Seen:
    body = wanted.body
    echoed: tuple[str, ...] = ()
    if isinstance(body, dict) and wanted.kind in ("create", "change"):
        given = _object(answer)
        echoed = tuple(name for name, value in body.items() if name in given and given[name] == value)
    listed = _listed(answer, wanted.thing.key) if wanted.kind == "list" and wanted.thing else None
    return replace(wanted, status=answer.status or 0, echoed=echoed, listed=listed)


def _object(answer: Answer) -> dict[str, object]:
    body = answer.json_body
    return cast("dict[str, object]", body) if isinstance(body, dict) else {}


def _listed(answer: Answer, key: str) -> str | None:
    """Return the way to the items of an answer, as Python, if they have a key."""
    ways: dict[str, object] = {"": answer.json_body, **{f'["{name}"]': one for name, one in _object(answer).items()}}
    for way, value in ways.items():
        items = cast("list[object]", value) if isinstance(value, list) else []
        if items and isinstance(items[0], dict) and key in items[0]:
            return way
    return None


def _whole(seen: Sequence[Seen]) -> list[Seen]:
    """Return what can be asked again: of things that could be created, as could all that they need."""
    created = {one.thing.name: one.thing for one in seen if one.kind == "create" and one.thing}
    whole = {name for name, thing in created.items() if all(need in created for need in thing.needs)}
    return [one for one in seen if one.thing is None or one.thing.name in whole]
