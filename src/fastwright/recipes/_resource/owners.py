"""Whose a row is: the caller's, where rows of the app belong to callers, or where it is asked for."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from fastwright.design.model import Resource
from fastwright.project.model import Model
from fastwright.project.names import Symbol
from fastwright.project.source import Function, SourceFile, called, last_name
from fastwright.recipes._guards import Chosen
from fastwright.recipes._recipe import Known

_NAMES = frozenset({"owner", "author", "user", "creator", "created_by"})


@dataclass(frozen=True)
class Caller:
    """The parameter by which endpoints learn who is calling, as most of them write it. `model` is the caller's."""

    name: str
    text: str
    model: Model
    symbols: dict[str, Symbol]


@dataclass(frozen=True)
class Owner:
    """The relation that says whose a row is, by its name, who is calling, and the guard that says so."""

    relation: str
    caller: Caller
    guard: tuple[str | None, str]


def owner_of(known: Known, resource: Resource, guards: Mapping[str, Chosen]) -> Owner | None:
    """Return the owner of rows, if they are to have one: named as such, or as others that callers write have it.

    Where most reads are open to strangers, only the first makes rows private.
    """
    guard, read = guards.get("write"), guards.get("read")
    caller = _caller(known, guard) if guard is not None else None
    if guard is None or caller is None:
        return None
    place = (guard.guard.file, guard.guard.shown)
    usual = _usual(known, caller.model)
    for relation in resource.relations:
        if relation.kind == "to_one" and relation.target == caller.model.name:
            names = {*_NAMES, usual, caller.model.name.lower()}
            return Owner(relation.name, caller, place) if relation.name in names else None
    is_private = read is not None and (read.guard.file, read.guard.shown) == place
    return Owner(usual, caller, place) if usual and is_private else None


def _caller(known: Known, guard: Chosen) -> Caller | None:
    found: Counter[tuple[str, str]] = Counter()
    callers: dict[tuple[str, str], Caller] = {}
    wanted = (guard.guard.file, guard.guard.name)
    for file in known.source.own:
        for node in file.nodes:
            if isinstance(node, Function) and node.decorator_list:
                for caller in _parameters(known, file, node, wanted):
                    found[caller.name, caller.text] += 1
                    callers[caller.name, caller.text] = caller
    return callers[found.most_common(1)[0][0]] if found else None


def _parameters(known: Known, file: SourceFile, function: Function, wanted: tuple[str | None, str]) -> Iterator[Caller]:
    arguments = [*function.args.posonlyargs, *function.args.args]
    without: list[ast.expr | None] = [None] * (len(arguments) - len(function.args.defaults))
    pairs = [
        *zip(arguments, [*without, *function.args.defaults], strict=True),
        *zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True),
    ]
    for argument, default in pairs:
        alias = known.names.resolve(file.path, argument.annotation)
        value = known.names.value(alias) if alias else None
        annotated = value if value is not None else argument.annotation
        home = alias[0] if alias and value is not None else file.path
        kind, given = _pair(annotated, default)
        if kind is None or given is None or known.names.resolve(home, given) != wanted:
            continue
        model = next(
            (one for one in known.project.models if known.names.resolve(home, kind) == (one.file, one.name)), None
        )
        if model is None:
            continue
        symbols = {model.name: (model.file or "", model.name), wanted[1]: (wanted[0] or "", wanted[1])}
        if alias is not None and value is not None:
            yield Caller(argument.arg, f"{argument.arg}: {alias[1]}", model, {alias[1]: alias})
        elif default is not None:
            yield Caller(argument.arg, f"{argument.arg}: {model.name} = Depends({wanted[1]})", model, symbols)
        else:
            text = f"{argument.arg}: Annotated[{model.name}, Depends({wanted[1]})]"
            yield Caller(argument.arg, text, model, symbols)


def _pair(annotation: ast.expr | None, default: ast.expr | None) -> tuple[ast.expr | None, ast.expr | None]:
    """Return the type of a parameter, and the dependency that gives it."""
    if isinstance(default, ast.Call) and called(default) in ("Depends", "Security") and default.args:
        return annotation, default.args[0]
    if isinstance(annotation, ast.Subscript) and last_name(annotation.value) == "Annotated":
        items = annotation.slice.elts if isinstance(annotation.slice, ast.Tuple) else []
        if len(items) == 2 and isinstance(call := items[1], ast.Call) and called(call) == "Depends" and call.args:
            return items[0], call.args[0]
    return None, None


def _usual(known: Known, user: Model) -> str:
    """Return the relation to an owner that most models have of which any caller may add rows, if they have one."""
    models = sorted(known.project.models, key=lambda model: -len(model.name))
    keys: Counter[str] = Counter()
    for endpoint in known.project.endpoints:
        is_added = endpoint.method == "POST" and endpoint.auth.required and not endpoint.auth.roles
        if is_added and endpoint.request_model and "{" not in endpoint.path:
            model = next((one for one in models if endpoint.request_model.startswith(one.name)), None)
            if model is not None and model.name != user.name:
                keys[_key(model, user)] += 1
    return keys.most_common(1)[0][0] if keys else ""


def _key(model: Model, user: Model) -> str:
    columns = [one for one in model.columns if (one.foreign_key or "").partition(".")[0] == user.table]
    names = [one.name.removesuffix("_id") for one in columns if one.name.endswith("_id")]
    return names[0] if len(names) == 1 else ""
