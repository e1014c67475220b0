"""A class for the queries of a new resource, and its one instance, beside those that the app has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from textwrap import indent
from typing import Any

from fastwright.changes.add_export import AddExport
from fastwright.changes.add_import import AddImport
from fastwright.changes.operation import Operation
from fastwright.project.names import Symbol
from fastwright.recipes._app.layout import Place
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._code.parts import Part
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._resource.layering import Arguments, Calls, Layers, Subject, is_dotted, written
from fastwright.recipes._resource.objects import Objects
from fastwright.recipes._resource.storing import ACTIONS, Action

# The first that a base has no method of: one of its own may be called in another way.
_METHODS: dict[Action, tuple[str, ...]] = {
    "list": ("get_page", "list_page"),
    "get": ("get_by_id", "find_by_id"),
    "create": ("create", "add", "insert"),
    "update": ("update", "change", "modify"),
    "delete": ("delete", "remove", "discard"),
}


def in_objects(subject: Subject, style: Objects) -> Layers:
    """Return a class with the queries and its instance, and the calls of that."""
    one = _One(subject, style)
    place = style.place(subject.app.layout, subject.one, subject.package)
    symbols, operations = _reached(style, place, one.variable, subject.app)
    values = {
        "layered": True,
        "store": {"text": subject.app.session.text, "name": subject.app.session.parameter, "is_class": True},
        "calls": one.calls(),
    }
    if style.base is not None:
        symbols = {**symbols, style.base[1]: style.base}
    return Layers("resource/router.py", values, (Part(place, one.code(), subject.purpose),), symbols, operations)


@dataclass(frozen=True)
class _One:
    """The class of one resource."""

    subject: Subject
    style: Objects

    @property
    def kind(self) -> str:
        return self.style.kind.format(self.subject.model)

    @property
    def variable(self) -> str:
        return self.style.variable.format(self.subject.model if self.style.is_class else self.subject.one)

    @property
    def names(self) -> dict[Action, str]:
        """Return what its methods are called."""
        return {
            action: next((name for name in names if name not in self.style.taken), f"{names[0]}_row")
            for action, names in _METHODS.items()
        }

    def code(self) -> str:
        """Return the class, and its instance."""
        methods = rendered("resource/rows.py", **self.subject.renamed(rows=self._rows()))
        if self.style.is_static:
            methods = "\n".join(_made_static(line) for line in methods.splitlines())
        head = f"class {self.kind}{self._bases()}:"
        made = f"{self.kind}({self.subject.model if self.style.takes_model else ''})"
        instance = [] if self.style.is_class else ["", "", f"{self.variable} = {made}"]
        return "\n".join([head, indent(methods.strip("\n"), "    "), *instance, ""])

    def _bases(self) -> str:
        if self.style.base is None:
            return ""
        names = self.subject.values["names"]
        change = names["update"] if self.subject.values["has_update"] else names["create"]
        types = [self.subject.model, names["create"], change][: self.style.schemas + 1]
        return f"({self.style.base[1]}[{', '.join(types)}])"

    def _rows(self) -> dict[str, Any]:
        subject, session = self.subject, self.style.session
        itself = "" if self.style.is_static else "self, "
        lead = f"{itself}{session}: {subject.app.session.kind}, {'*, ' if self.style.is_keyword else ''}"
        data = subject.values["data"]
        taken = {action: subject.arguments(action, subject.one, data, by_row=False) for action in ACTIONS}
        return {
            "names": self.names,
            "own": ACTIONS,
            "given": {action: lead + written(each) for action, each in taken.items()},
            "session": session,
            "row": subject.one,
            "lead": lead,
            "passed": f"{session}, {'keys=' if self.style.is_keyword else ''}",
            "named": self.style.is_keyword,
            "is_method": True,
            "by_row": False,
            "missing": "missing_reference",
        }

    def calls(self) -> dict[str, str]:
        """Return how endpoints call it."""
        subject, data = self.subject, self.subject.values["data"]
        root = f"{self.style.root}.{self.variable}." if self.style.root else f"{self.variable}."
        taken: dict[Action, Arguments] = {
            action: subject.arguments(action, subject.one, data, by_row=False) for action in ACTIONS
        }
        calls = Calls(subject, self.style.session, root, {}, is_keyword=self.style.is_keyword)
        return calls.of(self.names, taken, "missing_reference", data)


def _made_static(line: str) -> str:
    is_method = line.startswith(("def ", "async def "))
    return f"@staticmethod\n{line}" if is_method else line


def _reached(
    style: Objects, place: Place, variable: str, app: Surroundings
) -> tuple[dict[str, Symbol], tuple[Operation, ...]]:
    """Return what endpoints import to reach the instance, and what makes a package export it."""
    if not style.root:
        return {}, ()
    path = PurePosixPath(place.file)
    home = str(path.with_name("__init__.py"))
    module = f".{path.stem}" if is_dotted(app, home) else app.layout.module(place.file)
    operations = (AddImport(file=home, module=module, name=variable), AddExport(file=home, name=variable))
    return {style.root: (str(path.parent.parent / "__init__.py"), style.root)}, operations
