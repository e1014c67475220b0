"""From parts to operations: linked, included in the app, with a migration and with tests."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from fastwright.changes.add_export import AddExport
from fastwright.changes.add_import import AddImport
from fastwright.changes.add_include_router import AddIncludeRouter
from fastwright.changes.operation import Operation
from fastwright.changes.wanted import Import
from fastwright.project.names import Symbol
from fastwright.project.source import last_name
from fastwright.recipes._app.layout import Place
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._code.columns import Table
from fastwright.recipes._code.parts import Linker, Part
from fastwright.recipes._code.revisions import History, history, revision
from fastwright.recipes._recipe import Known, Refusal

_ROUTER = re.compile(r"(?<![.\w])router\b")
# Modules that are called alike in the folder of every subject.
_OF_ANY = ("api", "controller", "endpoints", "handlers", "routes", "view", "views")


def linked(app: Surroundings, parts: Sequence[Part], symbols: Mapping[str, Symbol]) -> list[Operation]:
    """Return the operations that bring the parts into the app."""
    session = Import(module=app.session.module, name=app.session.kind)
    libraries = {app.session.kind: session}
    if app.tables.style == "sqlmodel":
        names = ("Field", "Relationship", "SQLModel", "select")
        libraries |= {name: Import(module="sqlmodel", name=name) for name in names}
    linker = Linker(app.known, app.layout, app.formatting, {**app.symbols(), **symbols}, libraries)
    parts = [_with_named_router(app, part) for part in parts]
    if app.session.definition:
        parts = [Part(Place(app.session.home, after=app.session.after), app.session.definition), *parts]
    return linker.operations(parts)


def _with_named_router(app: Surroundings, part: Part) -> Part:
    """Return the part of a new file with its router called as those of the app are."""
    name = app.layout.router_name(part.place.file)
    is_kept = name == "router" or app.layout.is_there(part.place.file)
    return part if is_kept else replace(part, code=_ROUTER.sub(name, part.code))


def included(app: Surroundings, file: str) -> AddIncludeRouter:
    """Return the operation that includes the router of a new file, as the app does with its others."""
    place = app.mounting
    stem, name = PurePosixPath(file).stem, app.layout.router_name(file)
    if place.module and _folder(app, place.module, place.file) == PurePosixPath(file).parent:
        expression, imported = f"{stem}.{name}", Import(module=place.module, name=stem)
    else:
        subject = PurePosixPath(file).parent.name if stem in {name, *_OF_ANY} else stem.removesuffix("_router")
        alias = f"{subject}_router" if name == "router" else name
        expression, imported = alias, app.imported(name, file, place.file, alias=alias)
    return AddIncludeRouter(
        file=place.file, target=place.target, router=expression, imports=(imported,), prefix=app.given
    )


def _folder(app: Surroundings, module: str, file: str) -> PurePosixPath:
    """Return the directory of a package that `file` imports from."""
    dots = len(module) - len(module.lstrip("."))
    steps = [step for step in module.lstrip(".").split(".") if step]
    if dots:
        return PurePosixPath(*PurePosixPath(file).parts[:-dots], *steps)
    base = len(PurePosixPath(app.layout.main).parts) - len(app.layout.module(app.layout.main).split("."))
    return PurePosixPath(*PurePosixPath(app.layout.main).parts[:base], *steps)


def migration(app: Surroundings, summary: str, tables: Sequence[Table]) -> list[Operation] | Refusal:
    """Return the revision that makes new tables, in an app that has Alembic."""
    if not tables:
        return []
    upgrade = "\n".join(table.creation() for table in tables)
    downgrade = "\n".join(table.removal() for table in reversed(tables))
    return revision(app.known, summary, upgrade, downgrade, app.formatting)


def makes_tables(known: Known) -> bool:
    """Tell whether the app itself makes the tables that are missing when it starts."""
    return any(last_name(node) == "create_all" for file in known.source.own for node in file.nodes)


def registered_models(app: Surroundings, file: str, model: str) -> list[Operation]:
    """Return the import that makes a model in a new file known where the other models are: to migrations, above all."""
    if app.layout.is_there(file):
        return []
    for home in (str(PurePosixPath(file).with_name("__init__.py")), *_environments(app.known)):
        known = app.known.source.files.get(home)
        for node in known.tree.body if known else ():
            for alias in node.names if isinstance(node, ast.Import | ast.ImportFrom) else ():
                found = _like(app, home, (node, alias), (file, model))
                if found is not None:
                    return [found, AddExport(file=home, name=model)] if found.name == model else [found]
    return []


def _like(app: Surroundings, home: str, known: tuple[ast.stmt, ast.alias], new: Symbol) -> AddImport | None:
    """Return the import of a new model as the known one is written: of its class, or of its module."""
    siblings = {one.file for one in app.known.project.models if one.file}
    (node, alias), path = known, PurePosixPath(new[0])
    if isinstance(node, ast.Import):
        is_like = _file_of(app, alias.name) in siblings
        return AddImport(file=home, module=app.layout.module(new[0])) if is_like else None
    symbol = app.known.names.resolve(home, ast.Name(alias.asname or alias.name))
    if symbol is not None and symbol[0] in siblings:
        one = app.imported(new[1], new[0], home)
        return AddImport(file=home, module=one.module, name=one.name)
    package = node.module if isinstance(node, ast.ImportFrom) and not node.level else ""
    if package and _file_of(app, f"{package}.{alias.name}") in siblings:
        module = app.layout.module(str(path.parent / "__init__.py"))
        # Modules of several folders that are called alike have the names of their folders.
        other = path.parent.name if path.stem == alias.name else ""
        return AddImport(file=home, module=module, name=path.stem, alias=other)
    return None


def _file_of(app: Surroundings, module: str) -> str:
    """Return the file of a module, or nothing if it is not of the project."""
    return next((path for path in app.known.source.files if app.layout.module(path) == module), "")


def _environments(known: Known) -> list[str]:
    """Return the scripts in which Alembic learns of the models."""
    found = history(known)
    return [str(found.folder.parent / "env.py")] if isinstance(found, History) else []
