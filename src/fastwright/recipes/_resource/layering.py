"""What stands between the endpoints of a new resource and the database: nothing, or functions in a module."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

from fastwright.changes.add_export import AddExport
from fastwright.changes.add_import import AddImport
from fastwright.changes.operation import Operation
from fastwright.project.names import Symbol
from fastwright.project.source import Function
from fastwright.recipes._app.layout import Place
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._code.parts import Part
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._resource.storing import ACTIONS, Action, Functions, apart

Arguments = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Layers:
    """What stands below the endpoints: more parts, what their templates are told, and what makes them known."""

    router: str
    values: Mapping[str, Any]
    parts: tuple[Part, ...] = ()
    symbols: Mapping[str, Symbol] = field(default_factory=dict[str, Symbol])
    operations: tuple[Operation, ...] = ()


@dataclass(frozen=True)
class Subject:
    """The resource as its layers need it: what it is called, where, and what functions for its rows take."""

    app: Surroundings
    model: str
    one: str
    package: str
    purpose: str
    values: Mapping[str, Any]

    def arguments(self, action: Action, row: str, data: str, *, by_row: bool) -> Arguments:
        values, owner = self.values, self.values["owner"]
        whose = [(owner.column, owner.python)] if owner else []
        names = values["names"]
        match action:
            case "list":
                return [*whose, (values["paging"]["offset"], "int"), ("limit", "int")]
            case "get":
                return [(values["parameter"], values["key"]["type"]), *whose]
            case "create":
                return [(row, self.model)] if by_row else [(data, names["create"]), *whose]
            case "update":
                change = names["update"] if values["has_update"] else names["create"]
                return [(row, self.model), (data, change)]
            case "delete":
                return [(row, self.model)]

    def renamed(self, **more: Any) -> dict[str, Any]:
        return {**self.values, **more}


def no_layers(subject: Subject) -> Layers:
    """Return the layers of an app whose endpoints query by themselves."""
    session = subject.app.session
    store = {"text": session.text, "name": session.parameter, "is_class": False}
    return Layers(
        "resource/router.py", {"layered": False, "store": store, "calls": {"missing": "", "missing_change": ""}}
    )


def in_functions(subject: Subject, style: Functions) -> Layers:
    """Return functions in a module beside those that the app has, and the calls of them."""
    app, one = subject.app, subject.one
    place = style.place(app.layout, one, subject.package)
    names, row, data = style.names(one), style.row.format(one), style.body.format(one)
    taken: dict[Action, Arguments] = {action: subject.arguments(action, row, data, by_row=False) for action in ACTIONS}
    missing = f"missing_{one}_reference"
    lead = f"{'*, ' if style.is_keyword else ''}{style.session}: {app.session.kind}, "
    rows = {
        "names": names,
        "own": ACTIONS,
        "given": {action: lead + written(each) for action, each in taken.items()},
        "session": style.session,
        "row": row,
        "lead": lead,
        "passed": f"{style.session}={style.session}, keys=" if style.is_keyword else f"{style.session}, ",
        "named": style.is_keyword,
        "is_method": False,
        "by_row": False,
        "missing": missing,
    }
    code = rendered("resource/rows.py", **subject.renamed(rows=rows, data=data))
    root = {"names": "", "package": style.root}.get(style.access, PurePosixPath(place.file).stem)
    known = {row: one, data: subject.values["data"]}
    calls = Calls(subject, style.session, f"{root}." if root else "", known, is_keyword=style.is_keyword)
    symbols, operations = _reached(style, place, root, _functions(code), app)
    # Where they are imported by name, an endpoint of the same name would hide one of them.
    taken_names = _functions(code) if style.access == "names" else []
    values = {
        "functions": apart(subject.values["style"].verbs, one, taken_names),
        "layered": True,
        "store": {"text": app.session.text, "name": app.session.parameter, "is_class": False},
        "calls": calls.of(names, taken, missing, data),
    }
    return Layers("resource/router.py", values, (Part(place, code, subject.purpose),), symbols, operations)


@dataclass(frozen=True)
class Calls:
    """How endpoints call the functions: `root` leads to them, and `known` are the names of endpoints for theirs.

    `session` is what the functions call it.
    """

    subject: Subject
    session: str
    root: str
    known: Mapping[str, str]
    is_keyword: bool

    def of(
        self, names: Mapping[Action, str], taken: Mapping[Action, Arguments], missing: str, data: str
    ) -> dict[str, str]:
        owner, one = self.subject.values["owner"], self.subject.one
        caller = {owner.column: owner.key} if owner else dict[str, str]()
        of_row = {owner.column: f"{one}.{owner.column}"} if owner else dict[str, str]()
        found = {str(a): self._call(names[a], [name for name, _kind in each], caller) for a, each in taken.items()}
        checked = [data, owner.column] if self.subject.values["scoped"] else [data]
        found["missing"] = self._call(missing, checked, caller)
        found["missing_change"] = self._call(missing, checked, of_row)
        return found

    def _call(self, name: str, arguments: Sequence[str], owner: Mapping[str, str]) -> str:
        session = {self.session: self.subject.app.session.parameter}
        known = {**self.known, **session, **owner}
        given = [(one, known.get(one, one)) for one in (self.session, *arguments)]
        texts = [f"{one}={value}" if self.is_keyword else value for one, value in given]
        return f"{self.root}{name}({', '.join(texts)})"


def _functions(code: str) -> list[str]:
    return [node.name for node in ast.parse(code).body if isinstance(node, Function)]


def _reached(
    style: Functions, place: Place, root: str, names: Sequence[str], app: Surroundings
) -> tuple[dict[str, Symbol], tuple[Operation, ...]]:
    """Return what endpoints import to reach the functions, and what makes a package export them."""
    path = PurePosixPath(place.file)
    if style.access == "names":
        return {}, ()
    if style.access == "module":
        return {root: (str(path.with_name("__init__.py")), root)}, ()
    home = path.with_name("__init__.py")
    module = f".{path.stem}" if is_dotted(app, str(home)) else app.layout.module(place.file)
    imports = [AddImport(file=str(home), module=module, name=name) for name in sorted(names)]
    exports = (*imports, *(AddExport(file=str(home), name=name) for name in sorted(names)))
    return {root: (str(home.parent.parent / "__init__.py"), root)}, exports


def is_dotted(app: Surroundings, file: str) -> bool:
    """Tell whether a file imports its neighbours relatively."""
    known = app.known.source.files.get(file)
    return known is not None and any(module.startswith(".") for module, _name in known.imports)


def written(arguments: Arguments) -> str:
    """Return arguments as a function lists them."""
    return ", ".join(f"{name}: {kind}" for name, kind in arguments)
