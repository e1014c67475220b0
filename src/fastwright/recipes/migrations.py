"""Alembic under an app that has none, wired to its engine and its models; and the first revision, which equals them."""

from __future__ import annotations

import ast
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fastwright.changes import AddFile, Change, Operation
from fastwright.changes.add_requirement import AddRequirement
from fastwright.project.locate import find_entry, importable
from fastwright.project.names import Symbol
from fastwright.project.source import SourceFile, assigned, called, last_name
from fastwright.proof.guard import Guard
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import NotDone, StepFailed
from fastwright.proof.pair import Pair
from fastwright.proof.revisions import run_revisions
from fastwright.recipes._app.packages import packages
from fastwright.recipes._app.tables import table_style
from fastwright.recipes._code.formatting import Formatting
from fastwright.recipes._code.revisions import History, history
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish

_MAKERS = frozenset({"create_engine", "create_async_engine"})
_MODULE = re.compile(r"\b([a-z_][\w.]*)\.[A-Za-z_]\w*\(")
_KNOWN = frozenset({"sa", "op"})
_DIALECTS = frozenset({"postgresql", "sqlite", "mysql", "mssql", "oracle"})
_SECONDS = 60.0
_STAMP = "A database that has the tables already: mark it once with `alembic stamp head`, then upgrade as usual."


class Migrations(Wish):
    """There is nothing to choose."""


@dataclass(frozen=True)
class _Engine:
    """The engine of an app: `expression` reads it, where `symbol` is imported."""

    symbol: Symbol
    expression: str
    is_async: bool


@dataclass(frozen=True)
class _First:
    """The bodies of the first revision, and what it imports besides Alembic and SQLAlchemy."""

    upgrade: str
    downgrade: str
    imports: tuple[str, ...]


@dataclass(frozen=True)
class MigrationsPromise:
    """Alembic is there, runs up, down and up, and leaves no difference from the models.

    `folder` is where the first revision is, if nothing else is new.
    """

    ini: str
    folder: PurePosixPath | None = None

    @property
    def announced(self) -> Announced:
        return Announced()

    def hold(self, trial: Regression) -> str:
        """Return the evidence. Raises `StepFailed` if the migrations were there, or do not give what the models say."""
        if self.folder is None and trial.before.project.conventions.alembic is not None:
            raise StepFailed("the project had Alembic before the change")
        if self.folder is not None and any((trial.pair.tree("before") / self.folder).glob("*.py")):
            raise StepFailed("the project had a revision before the change")
        try:
            return f"none before; now {run_revisions(trial.pair, {'before': None, 'after': self.ini}, trial.seconds)}"
        except NotDone as error:
            raise StepFailed(str(error)) from error


def plan(known: Known, _wish: Migrations) -> Answer:
    """Return the plan, or where it is already."""
    found, style = history(known), table_style(known)
    if isinstance(found, Refusal) or (found is not None and (found.last is not None or style is None)):
        return Already(reason=f"the project has Alembic ({known.project.conventions.alembic})")
    if style is None:
        return Refusal(reason="no model of this app has a table", hint="migrations are for apps with SQLAlchemy models")
    base = style.base if style.base[0] else None
    if found is not None:
        return _begun(known, base, found)
    engine = _engine(known)
    if engine is None:
        return Refusal(
            reason="no engine is made at the top of a module, so a migration could not use the same",
            hint="make it there: `engine = create_engine(settings.database_url)`",
        )
    early = next(_created_early(known), None)
    if early is not None:
        return Refusal(
            reason=f"{early} makes all tables when it is imported, so there is nothing left to migrate",
            hint="move `create_all` into the startup of the app, or remove it, then ask again",
        )
    return _plan(known, base, engine)


def _begun(known: Known, base: Symbol | None, found: History) -> Answer:
    """Return the first revision for an Alembic that is there and has none."""
    code = _first(known, base)
    if isinstance(code, Refusal):
        return code
    ini = known.project.conventions.alembic or ""
    return Plan(
        change=Change(
            summary="add the first migration",
            operations=(found.next("first", code.upgrade, code.downgrade, Formatting.of(known), code.imports),),
        ),
        promise=MigrationsPromise(ini, found.folder),
        decisions=(f"{ini} is there, and {found.folder} has no revision: the first one makes what the models say.",),
        risks=(_STAMP,),
        alternatives=(),
    )


def _plan(known: Known, base: Symbol | None, engine: _Engine) -> Answer:
    code = _first(known, base)
    if isinstance(code, Refusal):
        return code
    folder = PurePosixPath("migrations" if not (known.source.root / "migrations").exists() else "alembic")
    operations = list(_operations(known, base, engine, folder, code))
    risks = [_STAMP]
    made = [file.path for file in known.source.own if any(last_name(node) == "create_all" for node in file.nodes)]
    if "alembic" not in packages(known):
        risks.append(f"Alembic was lent for the proof. To use it: {known.project.app.python} -m pip install alembic")
    if made:
        risks.append(f"{', '.join(made)} still makes missing tables: remove that once migrations run where it is used.")
    return Plan(
        change=Change(summary="add migrations", operations=tuple(operations)),
        promise=MigrationsPromise("alembic.ini"),
        decisions=(
            f"{folder}/env.py uses {engine.expression} of {engine.symbol[0]}, so there is one place for the address.",
            "The first revision makes what the models say, no more and no less: alembic check finds no difference.",
        ),
        risks=tuple(risks),
        alternatives=(),
    )


def _operations(
    known: Known, base: Symbol | None, engine: _Engine, folder: PurePosixPath, code: _First
) -> Iterator[Operation]:
    formatting = Formatting.of(known)
    directory, _module = importable(known.source, known.source.files[known.project.app.file or ""])
    ini = f"[alembic]\nscript_location = %(here)s/{folder}\nprepend_sys_path = {directory}\n"
    yield AddFile(path="alembic.ini", content=ini)
    values = {
        "is_async": engine.is_async,
        "engine": engine.expression,
        "base": base[1] if base else "SQLModel",
        "is_sqlmodel": base is None,
        "imports": list(_imports(known, base, engine)),
        "modules": _modules(known),
    }
    env = formatting.formatted(rendered("migrations/env.py", **values), whole=False)
    yield AddFile(path=str(folder / "env.py"), content=env)
    yield AddFile(path=str(folder / "script.py.mako"), content=rendered("migrations/script.py.mako"))
    yield History(folder / "versions", None).next("first", code.upgrade, code.downgrade, formatting, code.imports)
    if known.project.conventions.dependency_file in ("pyproject.toml", "requirements.txt"):
        yield AddRequirement(file=known.project.conventions.dependency_file, requirement="alembic")


def _imports(known: Known, base: Symbol | None, engine: _Engine) -> Iterator[str]:
    symbols: list[Symbol] = [*([base] if base else []), engine.symbol]
    for file, name in dict.fromkeys(symbols):
        yield f"from {_module(known, file)} import {name}"


def _modules(known: Known) -> list[str]:
    return sorted({_module(known, model.file) for model in known.project.models if model.file})


def _module(known: Known, file: str) -> str:
    return importable(known.source, known.source.files[file])[1]


def _engine(known: Known) -> _Engine | None:
    """Return the engine that is a variable of a module, or an attribute of one."""
    for file in known.source.own:
        for node in _top_level(file.tree.body):
            value = getattr(node, "value", None)
            for target in assigned(node):
                if isinstance(target, ast.Name) and value is not None and called(value) in _MAKERS:
                    return _Engine((file.path, target.id), target.id, called(value) == "create_async_engine")
    for file in known.source.own:
        found = next(_attributes(file), None)
        if found is not None:
            return found
    return None


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module, those under `if` and `try`, too."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try):
            yield from _top_level([*node.body, *node.orelse])


def _attributes(file: SourceFile) -> Iterator[_Engine]:
    """Yield `manager.engine` for a class that makes an engine for itself, and a variable that is made of it."""
    for name, nodes in file.definitions.items():
        for node in ast.walk(nodes[-1]) if isinstance(nodes[-1], ast.ClassDef) else ():
            value = getattr(node, "value", None)
            for target in assigned(node):
                if isinstance(target, ast.Attribute) and value is not None and called(value) in _MAKERS:
                    for variable in _made_of(file, name):
                        kind = called(value) == "create_async_engine"
                        yield _Engine((file.path, variable), f"{variable}.{target.attr}", kind)


def _made_of(file: SourceFile, name: str) -> Iterator[str]:
    for node in file.tree.body:
        if called(getattr(node, "value", None) or node) == name:
            yield from (target.id for target in assigned(node) if isinstance(target, ast.Name))


def _created_early(known: Known) -> Iterator[str]:
    """Yield where `create_all` is called as soon as a module is imported that a migration has to import."""
    needed = {model.file for model in known.project.models}
    for file in known.source.own:
        for node in file.tree.body:
            is_call = isinstance(node, ast.Expr) and called(node.value) == "create_all"
            if is_call and file.path in needed:
                yield f"{file.path}:{node.lineno}"


def _first(known: Known, base: Symbol | None) -> _First | Refusal:
    """Return the operations of the first revision, which Alembic itself writes from the models."""
    entry = find_entry(known.source, known.project.app.entry)[0]
    metadata = f"{_module(known, base[0])}:{base[1]}" if base else "sqlmodel:SQLModel"
    with tempfile.TemporaryDirectory(prefix="fastwright-") as scratch, Guard() as guard:
        root = Path(scratch).resolve()
        (root / "before").symlink_to(known.source.root)
        pair = Pair(root, known.source.root, Path(known.project.app.python or ""), guard, known.project.app.entry)
        try:
            result = pair.run(
                "before",
                "autogenerate",
                _SECONDS,
                entry={"module": entry.module, "attribute": entry.attribute},
                directory=entry.base,
                metadata=metadata,
                modules=_modules(known),
            )
        except NotDone as error:
            return Refusal(reason=f"Alembic could not read the models: {error}", hint="run: fastwright map")
    if "upgrade" not in result:
        problem = str(result.get("problem", result.get("missing", "")))
        return Refusal(reason=f"Alembic could not read the models: {problem}", hint="run: fastwright map")
    strange = {name for name in _MODULE.findall(result["upgrade"]) if name.split(".", maxsplit=1)[0] not in _KNOWN}
    imports = tuple(
        f"from sqlalchemy.dialects import {name}" if name in _DIALECTS else f"import {name}" for name in sorted(strange)
    )
    return _First(_body(result["upgrade"]), _body(result["downgrade"]), imports)


def _body(code: str) -> str:
    kept = [line for line in code.splitlines() if not line.lstrip().startswith("# ###")]
    return "\n".join(line.removeprefix("    ") for line in kept)


RECIPE = Recipe(
    name="migrations",
    summary="Alembic, wired to the app's engine and models, with a first revision that equals them",
    wish=Migrations,
    plan=plan,
    about=(
        "An `alembic.ini`, an `env.py` with the app's own engine and metadata, and a first revision, which Alembic "
        "writes from the models. Where Alembic is there without a revision, only that is added. Proven: up, down "
        "and up again on a scratch database, after which models and tables do not differ."
    ),
)
