"""Where an app keeps its queries in objects that are there once, such as `item = CRUDItem(Item)`, or in classes."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

import inflection

from fastwright.project.names import Symbol
from fastwright.project.source import Function, last_name
from fastwright.recipes._app.layout import Layout, Place, named_like
from fastwright.recipes._recipe import Known
from fastwright.recipes._resource.storing import SESSIONS

_BASES = 3


@dataclass(frozen=True)
class Objects:
    """Classes in `siblings`, and an instance of each, which endpoints call, or else the class itself.

    `kind` and `variable` are the names of both, with `{}` for what they are of. With a `base`, the class derives from
    it, with the model and `schemas` more types in brackets, and is made of the model where `takes_model`. Endpoints
    reach the instance through the package `root`, or by its name if there is none.
    """

    siblings: tuple[str, ...]
    kind: str
    variable: str
    base: Symbol | None
    schemas: int
    takes_model: bool
    is_static: bool
    is_keyword: bool
    session: str
    taken: frozenset[str]
    root: str

    @property
    def is_class(self) -> bool:
        """Whether endpoints call methods of the class, and no instance is made."""
        return self.kind == self.variable

    def place(self, layout: Layout, one: str, package: str) -> Place:
        """Return where the class of a new resource goes."""
        paths = [PurePosixPath(path) for path in self.siblings]
        if layout.domains:
            parent = Counter(path.parent.parent for path in paths).most_common(1)[0][0]
            return Place(str(parent / package / paths[0].name))
        folder = Counter(path.parent for path in paths).most_common(1)[0][0]
        return Place(str(folder / f"{named_like([path.stem for path in paths], one)}.py"))


@dataclass(frozen=True)
class _Found:
    """A class with the name of a model, and the instance that is called: `symbol` is where that is."""

    symbol: Symbol
    file: str
    variable: str
    node: ast.ClassDef
    model: str
    made: ast.Call | None


def objects(known: Known, routed: frozenset[str]) -> Objects | None:
    """Return the objects through which most endpoints query, or nothing."""
    found = {one.symbol: one for one in _instances(known, routed)}
    calls = [call for path in sorted(routed) for call in _calls(known, path, found)]
    used = Counter(_shape(found[symbol]) for symbol, _node in calls)
    if not used:
        return None
    shape = used.most_common(1)[0][0]
    alike = [one for one in found.values() if _shape(one) == shape]
    first = alike[0]
    methods = list(_methods(known, first.file, first.node, _BASES))
    root = Counter(_root(node) for _symbol, node in calls).most_common(1)[0][0]
    if root and root not in {PurePosixPath(one.file).parent.name for one in alike}:
        return None
    session = Counter(one.arg for method in methods for one in _arguments(method) if _is_session(one))
    # An endpoint calls a row what such an object is called; and methods that do not query hand on what they are given.
    if not session or (not root and shape[1] == "{}") or not any(_queries(method) for method in methods):
        return None
    base, schemas = _base(known, first)
    return Objects(
        siblings=tuple(dict.fromkeys(one.file for one in alike)),
        kind=shape[0],
        variable=shape[1],
        base=base,
        schemas=schemas,
        takes_model=any(last_name(argument) == first.model for argument in (first.made.args if first.made else ())),
        is_static=first.made is None or all(_is_static(method) for method in methods),
        is_keyword=sum(bool(method.args.kwonlyargs) for method in methods) * 2 > len(methods),
        session=session.most_common(1)[0][0],
        taken=frozenset(method.name for method in methods),
        root=root,
    )


def _shape(one: _Found) -> tuple[str, str]:
    name = one.model if one.made is None else inflection.underscore(one.model)
    return one.node.name.replace(one.model, "{}"), one.variable.replace(name, "{}")


def _instances(known: Known, routed: frozenset[str]) -> Iterator[_Found]:
    """Yield the instances of classes with a model in their name, and such classes, of which methods may be called."""
    models = sorted((model.name for model in known.project.models), key=len, reverse=True)
    for file in known.source.own:
        for node in file.tree.body:
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if isinstance(target, ast.Name) and isinstance(value, ast.Call):
                kind = known.names.resolve(file.path, value.func)
                yield from _found(known, routed, models, (file.path, target.id), kind, value)
            elif isinstance(node, ast.ClassDef):
                yield from _found(known, routed, models, (file.path, node.name), (file.path, node.name), None)


def _found(  # noqa: PLR0917
    known: Known,
    routed: frozenset[str],
    models: Sequence[str],
    symbol: Symbol,
    kind: Symbol | None,
    made: ast.Call | None,
) -> Iterator[_Found]:
    """Yield what a symbol is, if it is made of a class of queries, which stands apart from the endpoints."""
    node = known.names.definition(kind) if kind else None
    if kind is None or kind[0] in routed or not isinstance(node, ast.ClassDef):
        return
    model = next((one for one in models if one in node.name and one != node.name), "")
    is_called = inflection.underscore(model) in symbol[1] if made else any(_methods(known, kind[0], node, _BASES))
    if model and is_called:
        yield _Found(symbol, kind[0], symbol[1], node, model, made)


def _calls(known: Known, path: str, found: Mapping[Symbol, _Found]) -> Iterator[tuple[Symbol, ast.expr]]:
    """Yield the instances that a file with endpoints calls methods of, as it names them."""
    variables = {variable for _file, variable in found}
    for node in known.source.files[path].nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            value = node.func.value
            if last_name(value) in variables:
                symbol = known.names.resolve(path, value)
                if symbol is not None and symbol in found:
                    yield symbol, value


def _root(node: ast.expr) -> str:
    """Return `crud` of `crud.item`, or nothing where the object is called by its name."""
    return last_name(node.value) if isinstance(node, ast.Attribute) else ""


def _methods(known: Known, file: str, node: ast.ClassDef, depth: int) -> Iterator[Function]:
    """Yield the methods of a class and of its bases that are given a session."""
    for one in node.body:
        if isinstance(one, Function) and any(_is_session(argument) for argument in _arguments(one)):
            yield one
    for base in node.bases if depth else ():
        symbol = known.names.resolve(file, base.value if isinstance(base, ast.Subscript) else base)
        definition = known.names.definition(symbol) if symbol else None
        if symbol and isinstance(definition, ast.ClassDef):
            yield from _methods(known, symbol[0], definition, depth - 1)


def _base(known: Known, first: _Found) -> tuple[Symbol | None, int]:
    """Return what the class derives from, if the project has it, and how many types besides the model it is given."""
    base = first.node.bases[0] if first.node.bases else None
    if not isinstance(base, ast.Subscript):
        return None, 0
    symbol = known.names.resolve(first.file, base.value)
    given = base.slice.elts if isinstance(base.slice, ast.Tuple) else [base.slice]
    fits = symbol is not None and last_name(given[0]) == first.model and len(given) in (1, 3)
    return (symbol, len(given) - 1) if fits else (None, 0)


def _arguments(function: Function) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def _is_session(argument: ast.arg) -> bool:
    annotation = argument.annotation
    kinds = [annotation.left, annotation.right] if isinstance(annotation, ast.BinOp) else [annotation]
    return any(last_name(kind) in SESSIONS for kind in kinds)


def _queries(method: Function) -> bool:
    """Tell whether a method asks the session that it is given."""
    sessions = {one.arg for one in _arguments(method) if _is_session(one)}
    return any(isinstance(node, ast.Attribute) and last_name(node.value) in sessions for node in ast.walk(method))


def _is_static(method: Function) -> bool:
    return any(last_name(one) == "staticmethod" for one in method.decorator_list)
