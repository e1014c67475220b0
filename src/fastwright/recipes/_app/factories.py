"""A dependency that gives a database session, for an app whose functions have their sessions in other ways."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.project.names import Symbol
from fastwright.project.source import Function, SourceFile, arguments, assigned, called, last_name
from fastwright.recipes._app.sessions import SessionUse
from fastwright.recipes._recipe import Known

_FACTORIES = {"sessionmaker": False, "async_sessionmaker": True}
_ENGINES = {"create_engine": False, "create_async_engine": True}
_NAMES = ("get_session", "get_db", "open_session", "provide_session")


@dataclass(frozen=True)
class _Source:
    """A variable of a module that sessions are made with: a factory of them, or an engine."""

    file: SourceFile
    name: str
    is_async: bool
    is_factory: bool


def made_session(known: Known) -> SessionUse | None:
    """Return a dependency beside the app's factory of sessions, or its engine; nothing where it has neither.

    A generator that could be one, and is called by hand as yet, is taken; else it is new.
    """
    found = [source for file in known.source.own for source in _sources(known, file)]
    source = max(found, key=lambda one: one.is_factory, default=None)
    if source is None:
        return None
    parameter, generator = next(_generators(source), ("session", None))
    name = generator.name if generator else next((one for one in _NAMES if not _has(source.file, one)), None)
    if name is None:
        return None
    kind = "AsyncSession" if source.is_async else "Session"
    return SessionUse(
        kind=kind,
        module=_module(known, source),
        parameter=parameter,
        home=source.file.path,
        dependency=name,
        alias=None,
        is_annotated=known.project.conventions.depends != "default",
        commits=generator is not None and any(called(node) == "commit" for node in ast.walk(generator)),
        definition="" if generator else _definition(source, name, kind),
        after=source.name,
    )


def _generators(source: _Source) -> Iterator[tuple[str, Function]]:
    """Yield the functions beside a factory that give one session of it, each with the name that it has there."""
    for node in source.file.tree.body:
        if isinstance(node, Function) and not node.decorator_list and not any(ast.iter_child_nodes(node.args)):
            inner = list(ast.walk(node))
            given = {last_name(one.value) for one in inner if isinstance(one, ast.Yield)}
            made = [one for one in inner if isinstance(one, ast.Assign) and called(one.value) == source.name]
            names = {last_name(target) for one in made for target in one.targets}
            names |= {
                last_name(item.optional_vars)
                for one in inner
                if isinstance(one, ast.With | ast.AsyncWith)
                for item in one.items
                if called(item.context_expr) == source.name
            }
            if isinstance(node, ast.AsyncFunctionDef) == source.is_async:
                yield from ((name, node) for name in given & names - {""})


def _sources(known: Known, file: SourceFile) -> Iterator[_Source]:
    for statement in file.tree.body:
        value = getattr(statement, "value", None)
        names = [target.id for target in assigned(statement) if isinstance(target, ast.Name)]
        if not names or not isinstance(value, ast.Call):
            continue
        maker = called(value)
        if maker in _FACTORIES:
            is_async = _FACTORIES[maker] or _is_async(known, file, value)
            yield _Source(file, names[0], is_async, is_factory=True)
        elif maker in _ENGINES:
            yield _Source(file, names[0], _ENGINES[maker], is_factory=False)


def _is_async(known: Known, file: SourceFile, factory: ast.Call) -> bool:
    """Tell whether a `sessionmaker` makes asynchronous sessions: by its class, or by its engine."""
    given = arguments(factory)
    if any(last_name(one) == "AsyncSession" for one in given):
        return True
    symbols: list[Symbol] = [symbol for one in given if (symbol := known.names.resolve(file.path, one))]
    return any(called(value) == "create_async_engine" for symbol in symbols if (value := known.names.value(symbol)))


def _module(known: Known, source: _Source) -> str:
    """Return where the class of the sessions comes from: SQLModel has its own, for what is made of its engines."""
    of_sqlmodel = known.project.conventions.orm == "sqlmodel" and (
        not source.is_factory or any(module.startswith("sqlmodel") for module, _name in source.file.imports)
    )
    if source.is_async:
        return "sqlmodel.ext.asyncio.session" if of_sqlmodel else "sqlalchemy.ext.asyncio"
    return "sqlmodel" if of_sqlmodel else "sqlalchemy.orm"


def _definition(source: _Source, name: str, kind: str) -> str:
    made = f"{source.name}()" if source.is_factory else f"{kind}({source.name})"
    wait = "async " if source.is_async else ""
    given = "AsyncIterator" if source.is_async else "Iterator"
    return (
        f"{wait}def {name}() -> {given}[{kind}]:\n"
        '    """Give an endpoint a session of its own."""\n'
        f"    {wait}with {made} as session:\n"
        "        yield session\n"
    )


def _has(file: SourceFile, name: str) -> bool:
    imported = {alias for _module, alias in file.imports}
    return name in file.definitions or name in file.assignments or name in imported
