"""What can be created in an app: where, with which body, and after which other thing is there."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import inflection
from pydantic import JsonValue

from fastwright.project.model import Endpoint, Model
from fastwright.recipes._recipe import Known
from fastwright.recipes._suite.contract import Contract, Schema

_LAST = re.compile(r"/\{([^}:]+)[^}]*\}$")
_API = re.compile(r"^(api|v\d+|internal|admin)$")
_CLIENTS = frozenset({"client", "response", "headers", "body", "uuid", "pytest"})
_SHORTEST = 12


@dataclass(frozen=True)
class Thing:
    """What a POST creates. Texts in `body` and `path` such as `{{coffee}}` stand for the key of another thing.

    `key` is the field of the answer by which it is found at `item`, if it is found by one; `unique` are the fields of
    the body that no two may share, each with the Python that makes one.
    """

    name: str
    create: Endpoint
    path: str
    body: JsonValue
    key: str
    item: str
    needs: tuple[str, ...]
    unique: tuple[tuple[str, str], ...]

    @property
    def is_noun(self) -> bool:
        """Whether the name is that of a thing, and not of what is done."""
        return self.name != self.create.name

    @property
    def mark(self) -> str:
        return f"{{{{{self.name}}}}}"


def things(known: Known, contract: Contract, endpoints: Sequence[Endpoint]) -> tuple[Thing, ...]:
    """Return what can be created, and what that needs before it."""
    found: list[Thing] = []
    posts = [one for one in endpoints if one.method == "POST" and contract.body(one) is not None]
    waiting = sorted(posts, key=lambda one: one.path.count("{"))
    for _round in range(3):
        for endpoint in list(waiting):
            thing = _thing(known, contract, endpoint, found, endpoints)
            if thing is not None:
                found.append(thing)
                waiting.remove(endpoint)
    return tuple(found)


def with_needs(made: Sequence[Thing], wanted: Collection[str]) -> tuple[Thing, ...]:
    """Return the things of these names, and those that must be there before."""
    names = {*wanted}
    for thing in reversed(made):
        names |= {*thing.needs} if thing.name in names else set()
    return tuple(thing for thing in made if thing.name in names)


def path_of(endpoint: Endpoint, found: Sequence[Thing]) -> str:
    """Return the path of an endpoint with the keys of things in it, or nothing if one of its parameters is none's."""
    path = endpoint.path
    for thing in sorted(found, key=lambda one: -len(one.item)):
        if thing.item and same(path, thing.item, len(thing.item.split("/"))):
            steps = path.split("/")
            steps[len(thing.item.split("/")) - 1] = thing.mark
            before = thing.path.rstrip("/").split("/")
            path = "/".join([*before, *steps[len(before) :]])
    return "" if re.search(r"(?<!\{)\{[^{]", path) else path


def same(path: str, other: str, steps: int) -> bool:
    """Tell whether two paths begin with the same steps; the names of parameters do not matter."""
    return _plain(path)[:steps] == _plain(other)[:steps]


def group_of(path: str) -> str:
    """Return the first step of a path that speaks of a subject."""
    steps = [step for step in path.split("/") if step and not step.startswith("{")]
    named = [step for step in steps if not _API.match(step)]
    return re.sub(r"\W+", "_", (named or steps or ["root"])[0]).strip("_").lower()


def _plain(path: str) -> list[str]:
    return ["{}" if step.startswith("{") else step for step in path.split("/")]


def _thing(
    known: Known, contract: Contract, endpoint: Endpoint, found: Sequence[Thing], endpoints: Sequence[Endpoint]
) -> Thing | None:
    path = path_of(endpoint, found)
    if not path or contract.needs_query(endpoint) or endpoint.path.endswith("}"):
        return None
    needs = list(dict.fromkeys(re.findall(r"\{\{(\w+)\}\}", path)))
    body = _referring(contract.sample(endpoint), found, needs)
    item, key = _item(contract, endpoint, endpoints)
    name = _name(endpoint, item, {thing.name for thing in found})
    unique = tuple(_unique(known, name, contract.body(endpoint) or {}, body))
    if isinstance(body, dict):
        # Somebody else than who signs in for the other requests.
        body |= {field: "grace@example.com" if "@" in made else "grace-hopper"[:_SHORTEST] for field, made in unique}
    return Thing(name, endpoint, path, body, key, item, tuple(needs), unique)


def _item(contract: Contract, endpoint: Endpoint, endpoints: Sequence[Endpoint]) -> tuple[str, str]:
    """Return the path of one of a collection, and the field of the answer that is in it."""
    properties: Schema = contract.answer(endpoint).get("properties", {})
    for other in endpoints:
        last = _LAST.search(other.path)
        if last and other.path[: last.start()] == endpoint.path.rstrip("/") and other.method != "POST":
            names = [last[1], last[1].rpartition("_")[2], "id"]
            key = next((name for name in names if name in properties), "")
            if key:
                return other.path, key
    return "", "id" if "id" in properties else ""


def _name(endpoint: Endpoint, item: str, taken: set[str]) -> str:
    last = [step for step in endpoint.path.split("/") if step and not step.startswith("{")][-1:]
    noun = inflection.singularize(re.sub(r"\W+", "_", last[0]).lower()) if last else endpoint.name
    name = noun if item or inflection.pluralize(noun) == (last or [""])[0] else endpoint.name
    is_reserved = keyword.iskeyword(name) or hasattr(builtins, name) or name in _CLIENTS
    name = f"one_{name}" if is_reserved or name in taken else name
    return name if name not in taken else f"{endpoint.name}_{name}"


def _referring(body: JsonValue, found: Sequence[Thing], needs: list[str]) -> JsonValue:
    """Return a body in which `coffee_id` is that of a coffee, where those can be created."""
    if isinstance(body, list):
        return [_referring(one, found, needs) for one in body]
    if not isinstance(body, dict):
        return body
    by_key = {f"{thing.name}_{thing.key}": thing for thing in found if thing.key}
    by_key |= {thing.key: thing for thing in found if thing.key not in ("", "id", "name")}
    filled: dict[str, JsonValue] = {}
    for name, value in body.items():
        thing = by_key.get(name)
        if thing is not None:
            needs.extend([thing.name] if thing.name not in needs else [])
        filled[name] = thing.mark if thing else _referring(value, found, needs)
    return filled


def _unique(known: Known, name: str, schema: Schema, body: JsonValue) -> Iterator[tuple[str, str]]:
    model = next((one for one in known.project.models if _alike(one, name)), None)
    columns = {column.name for column in model.columns if column.unique} if model else set[str]()
    for field, value in body.items() if isinstance(body, dict) else ():
        rule: Schema = cast("dict[str, Any]", schema.get("properties", {})).get(field, {})
        is_free = isinstance(value, str) and "{{" not in value and "pattern" not in rule
        if rule.get("format") == "email" or (isinstance(value, str) and "@" in value and "mail" in field):
            yield field, 'f"{uuid.uuid4().hex[:12]}@example.com"'
        elif field in columns and is_free and int(rule.get("maxLength", 99)) >= _SHORTEST and "format" not in rule:
            yield field, "uuid.uuid4().hex[:12]"


def _alike(model: Model, name: str) -> bool:
    nouns = {inflection.underscore(model.name), inflection.singularize(model.table or "")}
    return bool(model.table) and (name in nouns or name.removeprefix("one_") in nouns)
