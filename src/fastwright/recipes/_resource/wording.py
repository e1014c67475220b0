"""What the templates of a resource are told: its names, and the ways in which this app writes such code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastwright.recipes._app.naming import body_name, schema_names
from fastwright.recipes._resource.answering import Errors, Result, own_errors
from fastwright.recipes._resource.classes import Classes
from fastwright.recipes._resource.shape import Shape
from fastwright.recipes._resource.storing import named


@dataclass(frozen=True)
class OwnerValues:
    """The column that says whose a row is, the key of the caller, and the parameter that gives the caller."""

    column: str
    python: str
    key: str
    text: str


def values(new: Shape, layers: Classes | None) -> dict[str, Any]:
    """Return what its templates are told, wherever the rows are kept."""
    app, names, key, name = new.app, schema_names(new.app.known), new.table.key, new.resource.name
    words = new.one.replace("_", " ")
    update = "Update" if names.update.startswith("Update") else names.update
    ends = {"create": f"{name}{names.create}", "read": f"{name}{names.read}", "update": f"{name}{update}"}
    unique = " or ".join(member.name for member in new.members if member.column.unique)
    excluded = f"exclude={{{', '.join(repr(one.name) for one in new.related)}}}" if new.related else ""
    changed = ["exclude_unset=True"] if new.has_update else []
    return {
        "members": new.bodies,
        "every": (*new.bodies, *new.related),
        "related": new.related,
        "names": {"model": name, **ends},
        "taken": f"{ends['create']} | {ends['update']}" if new.has_update else ends["create"],
        "dumped": excluded,
        "dumped_changes": ", ".join([*changed, *([excluded] if excluded else [])]),
        "functions": named(new.style.verbs, new.one),
        "session": app.session,
        "is_async": app.is_async,
        "is_sqlmodel": app.tables.style == "sqlmodel",
        "one": new.one,
        "words": words,
        "many_words": new.many.replace("_", " "),
        "article": f"{'an' if words[0] in 'aeiou' else 'a'} {words}",
        "key": {"name": key.name, "type": key.python},
        "parameter": new.parameter,
        "data": body_name(app.known, new.one),
        "has_update": new.has_update,
        "has_references": any(member.target for member in new.bodies) or bool(new.related),
        "has_unique": bool(unique),
        "owner": _owner(new),
        "scoped": any(one.target_owner for one in (*new.bodies, *new.related)),
        "paging": {"offset": new.style.offset},
        "style": new.style,
        "result": Result(ends["read"], new.style.has_models),
        "errors": Errors(new.style, words, own_errors(app, layers), unique),
    }


def _owner(new: Shape) -> OwnerValues | None:
    if new.owner is None:
        return None
    column, caller = next(one for one in new.members if one.name == new.owned), new.owner.caller
    return OwnerValues(column.name, column.column.python, f"{caller.name}.{column.target_key}", caller.text)


def placed(new: Shape, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template of the endpoints is told besides."""
    app, store, name = new.app, values["store"]["text"], new.resource.name
    existing = f"existing_{new.one}"
    given = (
        f"{new.one}: Annotated[{name}, Depends({existing})]"
        if app.is_annotated
        else f"{new.one}: {name} = Depends({existing})"
    )
    pair = [store, given] if app.is_annotated else [given, store]
    return {
        **values,
        "router": app.mounting.target if new.is_on_app else "router",
        "new_router": not new.is_on_app,
        "router_prefix": app.router_prefix(new.path),
        "tag": new.many.replace("_", "-"),
        "at": "path=" if new.style.names_path else "",
        "route": new.route if new.is_on_app else new.route.removeprefix(new.path),
        "item": new.item if new.is_on_app else new.item.removeprefix(new.path),
        "existing_name": existing,
        "existing": given,
        "existing_and_store": ", ".join(pair),
        "first_list": _page(new, store),
        "guard": {kind: _guard(new, kind) for kind in ("read", "write")},
        "answers": _answers(new, values),
        "returns": _returns(new, values),
    }


def _page(new: Shape, store: str) -> str:
    """Return the parameters of a page, called as the app calls them elsewhere."""
    offset, caller = new.style.offset, f", {new.owner.caller.text}" if new.owner else ""
    if new.app.is_annotated:
        limit = "limit: Annotated[int, Query(ge=1, le=100)] = 20"
        return f"{store}{caller}, {offset}: Annotated[int, Query(ge=0)] = 0, {limit}"
    return f"{offset}: int = Query(0, ge=0), limit: int = Query(20, ge=1, le=100), {store}{caller}"


def _answers(new: Shape, values: Mapping[str, Any]) -> dict[str, str]:
    """Return what decorators say of the answers."""
    read, style = values["names"]["read"], new.style
    one, many = (f", response_model={kind}" if style.has_models else "" for kind in (read, f"list[{read}]"))
    statuses = {kind: f", status_code={style.status(code)}" for kind, code in (("created", 201), ("gone", 204))}
    return {"one": one, "many": many, "created": f"{one}{statuses['created']}", "gone": statuses["gone"]}


def _returns(new: Shape, values: Mapping[str, Any]) -> dict[str, str]:
    read = values["names"]["read"]
    return {"one": "", "many": ""} if new.style.has_models else {"one": f" -> {read}", "many": f" -> list[{read}]"}


def _guard(new: Shape, kind: str) -> str:
    """Return what attaches a guard, where the caller is not asked for anyhow."""
    chosen = new.guards.get(kind)
    if chosen is None or (new.owner and new.owner.guard == (chosen.guard.file, chosen.guard.shown)):
        return ""
    return f", dependencies=[{chosen.text}]"
