"""Where an app keeps its queries in classes that are given the session: repositories, and services above them."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal

import inflection

from fastwright.project.names import Symbol
from fastwright.project.source import Function, SourceFile, called, last_name
from fastwright.recipes._app.layout import Layout, Place, named_like
from fastwright.recipes._recipe import Known
from fastwright.recipes._resource.storing import SESSIONS

Given = Literal["function", "class", "made"]


@dataclass(frozen=True)
class Layer:
    """Classes of one kind, `CoffeeRepository` and others: what they take, derive from, and have from there.

    `base` is what they derive from, with the model in brackets if it is generic, and `constant` the variable of the
    class that is set to the model. `attribute` is what they keep on `self`. The methods of the base that find, add and
    remove a row are in `inherited`.
    """

    siblings: tuple[str, ...]
    suffix: str
    attribute: str
    takes: str
    base: Symbol | None = None
    is_generic: bool = False
    constant: str = ""
    inherited: tuple[tuple[str, str], ...] = ()

    def name(self, model: str) -> str:
        return f"{model}{self.suffix}"

    def place(self, layout: Layout, one: str, package: str) -> Place:
        """Return where the class of a new resource goes."""
        paths = [PurePosixPath(path) for path in self.siblings]
        if layout.domains:
            parent = Counter(path.parent.parent for path in paths).most_common(1)[0][0]
            return Place(str(parent / package / paths[0].name))
        folder = Counter(path.parent for path in paths).most_common(1)[0][0]
        stem = inflection.underscore(self.suffix)
        if len(paths) == 1 and paths[0].stem in (stem, f"{stem}s", inflection.pluralize(stem)):
            return Place(self.siblings[0])
        return Place(str(folder / f"{named_like([path.stem for path in paths], one)}.py"))


@dataclass(frozen=True)
class Classes:
    """The classes between endpoints and the database: those with the queries, and services if there are any above.

    Endpoints are `given` theirs as `parameter`: by a function in the file `providers`, by the class itself, or they
    make it. `pattern` is the name of such a function, with `{}` for what it is of.
    """

    store: Layer
    service: Layer | None
    parameter: str
    given: Given
    providers: str = ""
    pattern: str = ""

    @property
    def top(self) -> Layer:
        return self.service or self.store

    def of(self, one: str) -> Classes:
        """Return them with what is named after a subject named after this one: `order_repo`, `order_service`."""
        named = [
            replace(layer, attribute=layer.attribute.format(one), takes=layer.takes.format(one)) if layer else None
            for layer in (self.store, self.service)
        ]
        return replace(self, store=named[0] or self.store, service=named[1], parameter=self.parameter.format(one))


def classes(known: Known, routed: frozenset[str]) -> Classes | None:
    """Return the classes in which the app keeps its queries, if its endpoints go through them."""
    found = list(_classes(known, routed))
    store = _layer(known, [one for one in found if one.takes in SESSIONS])
    if store is None:
        return None
    stores = {one.node.name for one in found if one.takes in SESSIONS}
    service = _layer(known, [one for one in found if one.takes in stores])
    top = service or store
    for layer in (top, store):
        way = _way(known, layer, routed)
        if way is not None:
            parameter, given, provider = way
            if given != "function":
                return Classes(store, service if layer is top else None, parameter, given)
            pattern = _pattern(known, provider[1]) if provider else ""
            if provider and pattern:
                return Classes(store, service if layer is top else None, parameter, given, provider[0], pattern)
    return None


@dataclass(frozen=True)
class _Found:
    file: str
    node: ast.ClassDef
    model: str
    takes: str
    argument: str
    attribute: str


def _classes(known: Known, routed: frozenset[str]) -> Iterator[_Found]:
    """Yield the classes that are named after a model, and are made of one thing: a session, or another such class."""
    models = sorted((model.name for model in known.project.models), key=len, reverse=True)
    for file in known.source.own:
        for node in file.tree.body if file.path not in routed else ():
            if isinstance(node, ast.ClassDef):
                model = next((one for one in models if node.name.startswith(one) and node.name != one), "")
                made = _made_of(known, file.path, node)
                if model and made is not None:
                    yield _Found(file.path, node, model, *made)


def _made_of(known: Known, file: str, node: ast.ClassDef, depth: int = 4) -> tuple[str, str, str] | None:
    """Return the type and name of the argument that a class is made of, and what it is kept as."""
    init = next((one for one in node.body if isinstance(one, Function) and one.name == "__init__"), None)
    if init is None:
        for base in node.bases if depth else ():
            symbol = known.names.resolve(file, base.value if isinstance(base, ast.Subscript) else base)
            definition = known.names.definition(symbol) if symbol else None
            if symbol and isinstance(definition, ast.ClassDef):
                return _made_of(known, symbol[0], definition, depth - 1)
        return None
    arguments = init.args.args[1:]
    for argument in arguments[:1]:
        for statement in ast.walk(init):
            if isinstance(statement, ast.Assign) and last_name(statement.value) == argument.arg:
                kept = statement.targets[0]
                if isinstance(kept, ast.Attribute) and last_name(kept.value) == "self":
                    return _type(known, file, argument), argument.arg, kept.attr
    return None


def _type(known: Known, file: str, argument: ast.arg) -> str:
    symbol = known.names.resolve(file, argument.annotation)
    value = known.names.value(symbol) if symbol else argument.annotation
    if isinstance(value, ast.Subscript) and last_name(value.value) == "Annotated":
        return last_name(value.slice.elts[0]) if isinstance(value.slice, ast.Tuple) else ""
    return last_name(argument.annotation)


def _layer(known: Known, found: list[_Found]) -> Layer | None:
    suffixes = Counter(one.node.name.removeprefix(one.model) for one in found)
    if not suffixes:
        return None
    suffix = suffixes.most_common(1)[0][0]
    alike = [one for one in found if one.node.name.endswith(suffix)]
    first = alike[0]
    base = first.node.bases[0] if first.node.bases else None
    generic = isinstance(base, ast.Subscript)
    symbol = known.names.resolve(first.file, base.value if isinstance(base, ast.Subscript) else base)
    constants = [
        target.id
        for one in first.node.body
        if isinstance(one, ast.Assign) and last_name(one.value) == first.model
        for target in one.targets
        if isinstance(target, ast.Name)
    ]
    definition = known.names.definition(symbol) if symbol else None
    is_base = isinstance(definition, ast.ClassDef) and (generic or bool(constants))
    return Layer(
        siblings=tuple(dict.fromkeys(one.file for one in alike)),
        suffix=suffix,
        attribute=_after(first.attribute, first.model),
        takes=_after(first.argument, first.model),
        base=symbol if is_base else None,
        is_generic=generic and is_base,
        constant=constants[0] if constants else "",
        inherited=tuple(_inherited(definition)) if is_base and isinstance(definition, ast.ClassDef) else (),
    )


_METHODS = {
    "get": frozenset({"get", "get_by_id", "get_one", "find", "find_by_id", "by_id", "retrieve"}),
    "create": frozenset({"add", "save", "insert", "create"}),
    "delete": frozenset({"delete", "remove"}),
}


def _inherited(base: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Yield the methods of a base that take one row, or the key of one, by what they do."""
    for node in base.body:
        if isinstance(node, Function) and len(node.args.args) == 2 and not node.args.kwonlyargs:
            for action, names in _METHODS.items():
                takes_row = isinstance(node.args.args[1].annotation, ast.Name) and node.args.args[
                    1
                ].annotation.id not in ("int", "str", "dict", "Any")
                if node.name in names and (action == "get" or takes_row):
                    yield action, node.name


def _way(known: Known, layer: Layer, routed: frozenset[str]) -> tuple[str, Given, Symbol | None] | None:
    """Return how endpoints come to one of the classes: the parameter, by what, and the function that gives it."""
    counts: Counter[tuple[str, Given, Symbol | None]] = Counter()
    for path in sorted(routed):
        file = known.source.files[path]
        for node in file.nodes:
            if isinstance(node, Function) and node.decorator_list:
                counts.update(_parameters(known, file, node, layer))
            elif isinstance(node, ast.Call) and called(node).endswith(layer.suffix) and len(node.args) == 1:
                counts["", "made", None] += 1
    return counts.most_common(1)[0][0] if counts else None


def _parameters(
    known: Known, file: SourceFile, function: Function, layer: Layer
) -> Iterator[tuple[str, Given, Symbol | None]]:
    arguments = function.args.args
    without: list[ast.expr | None] = [None] * (len(arguments) - len(function.args.defaults))
    for argument, default in zip(arguments, [*without, *function.args.defaults], strict=True):
        annotation, home, given = argument.annotation, file.path, default
        symbol = known.names.resolve(home, annotation)
        if symbol and (value := known.names.value(symbol)) is not None:
            annotation, home = value, symbol[0]
        if isinstance(annotation, ast.Subscript) and isinstance(annotation.slice, ast.Tuple):
            annotation, given = annotation.slice.elts[0], annotation.slice.elts[1]
        if last_name(annotation).endswith(layer.suffix) and isinstance(given, ast.Call) and called(given) == "Depends":
            name = _after(argument.arg, last_name(annotation).removesuffix(layer.suffix))
            giver = known.names.resolve(home, given.args[0]) if given.args else None
            if giver and isinstance(known.names.definition(giver), Function):
                yield name, "function", giver
            else:
                yield name, "class", None


def _after(name: str, model: str) -> str:
    """Return a name with `{}` where it has that of a model."""
    return name.replace(inflection.underscore(model), "{}") if model else name


def _pattern(known: Known, provider: str) -> str:
    """Return `get_{}_service` for `get_coffee_service`."""
    models = sorted((inflection.underscore(model.name) for model in known.project.models), key=len, reverse=True)
    return next((provider.replace(model, "{}") for model in models if model in provider), "")
