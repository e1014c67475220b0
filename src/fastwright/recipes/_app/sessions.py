"""How the functions of an app are given a database session, read from those that have one."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.project.names import Symbol
from fastwright.project.source import Function, SourceFile, called, last_name
from fastwright.recipes._recipe import Known

_KINDS = frozenset({"Session", "AsyncSession"})


@dataclass(frozen=True)
class SessionUse:
    """The parameter that gives a session, as most functions of the app write it.

    With an `alias` it is `db: SessionDep`; else `db: Session = Depends(get_db)`, or the same in `Annotated`, where
    `dependency` reads as in the file `home`. `commits` says that the transaction ends with the dependency. One that is
    not there yet has a `definition`, which goes into `home`, behind the variable `after`.
    """

    kind: str
    module: str
    parameter: str
    home: str
    dependency: str
    alias: Symbol | None
    is_annotated: bool
    commits: bool
    definition: str = ""
    after: str = ""

    @property
    def is_async(self) -> bool:
        return self.kind == "AsyncSession"

    @property
    def text(self) -> str:
        """The parameter."""
        if self.alias is not None:
            return f"{self.parameter}: {self.alias[1]}"
        if self.is_annotated:
            return f"{self.parameter}: Annotated[{self.kind}, Depends({self.dependency})]"
        return f"{self.parameter}: {self.kind} = Depends({self.dependency})"

    @property
    def save(self) -> str:
        """The method after which the database has judged what was added."""
        return "flush" if self.commits else "commit"


@dataclass(frozen=True)
class _Seen:
    """One parameter; two that are written alike are equal."""

    kind: str
    home: str
    dependency: str
    alias: Symbol | None
    is_annotated: bool


def session_use(known: Known) -> SessionUse | None:
    """Return how sessions come into functions, or nothing if none has any."""
    counts: Counter[_Seen] = Counter()
    names: Counter[tuple[_Seen, str]] = Counter()
    for file in known.source.own:
        for node in ast.walk(file.tree):
            if isinstance(node, Function):
                for argument, seen in _parameters(known, file, node):
                    counts[seen] += 1
                    names[seen, argument] += 1
    if not counts:
        return None
    best = max(counts, key=lambda seen: counts[seen])
    parameter = max((name for seen, name in names if seen == best), key=lambda name: names[best, name])
    module = _module(known, best)
    return SessionUse(
        best.kind,
        module,
        parameter,
        best.home,
        best.dependency,
        best.alias,
        best.is_annotated,
        _commits(known, best),
    )


def _parameters(known: Known, file: SourceFile, function: Function) -> Iterator[tuple[str, _Seen]]:
    positional = [*function.args.posonlyargs, *function.args.args]
    without: list[ast.expr | None] = [None] * (len(positional) - len(function.args.defaults))
    pairs = [
        *zip(positional, [*without, *function.args.defaults], strict=True),
        *zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True),
    ]
    for argument, default in pairs:
        seen = _seen(known, file, argument.annotation, default)
        if seen is not None:
            yield argument.arg, seen


def _seen(known: Known, file: SourceFile, annotation: ast.expr | None, default: ast.expr | None) -> _Seen | None:
    if annotation is None:
        return None
    if last_name(annotation) in _KINDS and default is not None and called(default) == "Depends":
        return _written(annotation, default, file.path, None, is_annotated=False)
    symbol = known.names.resolve(file.path, annotation)
    value = known.names.value(symbol) if symbol else None
    if symbol is not None and value is not None and (pair := _annotated(value)):
        return _written(*pair, symbol[0], symbol, is_annotated=True)
    if pair := _annotated(annotation):
        return _written(*pair, file.path, None, is_annotated=True)
    return None


def _annotated(node: ast.expr) -> tuple[ast.expr, ast.expr] | None:
    """Return the type and the `Depends(…)` of `Annotated[Session, Depends(…)]`."""
    if not isinstance(node, ast.Subscript) or last_name(node.value) != "Annotated":
        return None
    items = node.slice.elts if isinstance(node.slice, ast.Tuple) else []
    if len(items) == 2 and last_name(items[0]) in _KINDS and called(items[1]) == "Depends":
        return items[0], items[1]
    return None


def _written(kind: ast.expr, call: ast.expr, home: str, alias: Symbol | None, *, is_annotated: bool) -> _Seen | None:
    if not isinstance(call, ast.Call) or not call.args:
        return None
    return _Seen(last_name(kind), home, ast.unparse(call.args[0]), alias, is_annotated)


def _module(known: Known, seen: _Seen) -> str:
    """Return where the class of the sessions is imported from."""
    if seen.kind == "AsyncSession" and known.project.conventions.orm != "sqlmodel":
        return "sqlalchemy.ext.asyncio"
    found = [
        module
        for module, name in known.source.files[seen.home].imports
        if name == seen.kind and module.split(".")[0] in ("sqlalchemy", "sqlmodel")
    ]
    default = "sqlalchemy.ext.asyncio" if seen.kind == "AsyncSession" else "sqlalchemy.orm"
    return found[0] if found else default


def _commits(known: Known, seen: _Seen) -> bool:
    """Tell whether the dependency ends the transaction itself, so that a commit before would be too early."""
    expression = ast.parse(seen.dependency, mode="eval").body
    symbol = known.names.resolve(seen.home, expression)
    definition = known.names.definition(symbol) if symbol else None
    functions = [definition] if definition else list(_methods(known, last_name(expression)))
    return any(_ends_transaction(function) for function in functions)


def _methods(known: Known, name: str) -> Iterator[ast.AST]:
    """Yield the functions of a name, for `Depends(database.session)`, of which only the name can be followed."""
    for file in known.source.own:
        for qualified, nodes in file.definitions.items():
            if qualified.rpartition(".")[2] == name:
                yield from nodes


def _ends_transaction(function: ast.AST) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.With | ast.AsyncWith) and any(
            called(item.context_expr) == "begin" for item in node.items
        ):
            return True
        if called(node) == "commit":
            return True
    return False
