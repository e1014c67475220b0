"""Classes between the endpoints of a new resource and the database: one with the queries, and a service above it."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent
from typing import Any

import inflection

from fastwright.recipes._app.layout import Place
from fastwright.recipes._code.parts import Part
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._resource.classes import Classes, Layer
from fastwright.recipes._resource.layering import Layers, Subject, written
from fastwright.recipes._resource.storing import ACTIONS, Action

_METHODS: dict[Action, str] = {
    "list": "get_page",
    "get": "get_by_id",
    "create": "add",
    "update": "update",
    "delete": "delete",
}


def in_classes(subject: Subject, style: Classes) -> Layers:
    """Return a class beside those that the app has, a service above it where they have one, and what gives it."""
    store = _Store(subject, style)
    parts = [store.part()]
    if style.service is not None:
        parts.append(store.service_part(style.service))
    provided, text, name = store.given()
    values = {
        "layered": True,
        "store": {"text": text, "name": name, "is_class": True},
        "calls": store.calls(name),
    }
    router = "resource/service_router.py" if style.service is not None else "resource/router.py"
    bases = [layer.base for layer in (style.store, style.service) if layer is not None and layer.base is not None]
    return Layers(router, values, (*parts, *provided), {base[1]: base for base in bases})


@dataclass(frozen=True)
class _Store:
    """The class with the queries, and what is around it."""

    subject: Subject
    style: Classes

    @property
    def by_row(self) -> bool:
        return self.style.service is not None

    @property
    def names(self) -> dict[Action, str]:
        """Return what its methods are called: as those of its base, where that has them."""
        return {**_METHODS, **self._inherited}

    @property
    def _inherited(self) -> dict[Action, str]:
        """Return the methods of the base that do what is needed here."""
        layer, values = self.style.store, self.subject.values
        found: dict[Action, str] = {}
        for action, name in layer.inherited:
            is_scoped = action == "get" and values["owner"]
            is_checked = action == "create" and (
                not self.by_row or (values["has_unique"] and not self.subject.app.session.commits)
            )
            if not is_scoped and not is_checked and action in ("get", "create", "delete"):
                found[action] = name
        return found

    def _rows(self) -> dict[str, Any]:
        own = [
            action for action in ACTIONS if action not in self._inherited and not (self.by_row and action == "update")
        ]
        data = self.subject.values["data"]
        taken = {a: self.subject.arguments(a, self.subject.one, data, by_row=self.by_row) for a in self.names}
        return {
            "names": self.names,
            "own": own,
            "given": {action: f"self, {written(each)}" for action, each in taken.items()},
            "session": f"self.{self.style.store.attribute}",
            "row": self.subject.one,
            "lead": "self, ",
            "passed": "",
            "named": False,
            "is_method": True,
            "by_row": self.by_row,
            "missing": "missing_reference",
        }

    def part(self) -> Part:
        layer, subject = self.style.store, self.subject
        methods = rendered("resource/rows.py", **subject.renamed(rows=self._rows()))
        head = [f"class {layer.name(subject.model)}{_base(layer, subject.model)}:"]
        if layer.constant:
            head += [f"    {layer.constant} = {subject.model}", ""]
        if layer.base is None:
            session = subject.app.session
            plain = f"{session.parameter}: {session.kind}"
            kind = session.text if self.style.given == "class" else plain
            head += [
                f"    def __init__(self, {kind}) -> None:",
                f"        self.{layer.attribute} = {session.parameter}",
                "",
            ]
        code = "\n".join([*head, indent(methods, "    "), ""])
        return Part(layer.place(subject.app.layout, subject.one, subject.package), code, subject.purpose)

    def service_part(self, layer: Layer) -> Part:
        subject = self.subject
        layers = {
            "service": layer.name(subject.model),
            "store": self.style.store.name(subject.model),
            "kept": layer.attribute,
            "takes": layer.takes,
            "depends": " = Depends()" if self.style.given == "class" else "",
        }
        code = rendered("resource/service.py", **subject.renamed(rows=self._rows(), layers=layers))
        return Part(layer.place(subject.app.layout, subject.one, subject.package), code, subject.purpose)

    def calls(self, name: str) -> dict[str, str]:
        """Return how endpoints call the methods, where there is no service between."""
        data, owner = self.subject.values["data"], self.subject.values["owner"]
        whose = f", {owner.key}" if self.subject.values["scoped"] else ""
        of_row = f", {self.subject.one}.{owner.column}" if whose else ""
        found = {
            "missing": f"{name}.missing_reference({data}{whose})",
            "missing_change": f"{name}.missing_reference({data}{of_row})",
        }
        for action, method in self.names.items():
            taken = self.subject.arguments(action, self.subject.one, data, by_row=False)
            given = [owner.key if owner and each == owner.column else each for each, _kind in taken]
            found[action] = f"{name}.{method}({', '.join(given)})"
        return found

    def given(self) -> tuple[list[Part], str, str]:
        """Return the functions that give endpoints the class, the parameter for it, and what it is called there."""
        style, session = self.style, self.subject.app.session
        made = [(layer, layer.name(self.subject.model)) for layer in (style.store, style.service) if layer]
        if style.given == "made":
            expression = session.parameter
            for _layer, kind in made:
                expression = f"{kind}({expression})"
            return [], session.text, expression
        if style.given == "class":
            return [], self._dependent(style.parameter, made[-1][1], ""), style.parameter
        parts, name, parameter = list[Part](), session.parameter, session.text
        following = [*([style.service.takes] if style.service else []), style.parameter]
        for (layer, kind), after in zip(made, following, strict=True):
            function = self._provider(layer)
            code = f"def {function}({parameter}) -> {kind}:\n    return {kind}({name})\n"
            parts.append(Part(Place(style.providers), code))
            name, parameter = after, self._dependent(after, kind, function)
        return parts, parameter, style.parameter

    def _provider(self, layer: Layer) -> str:
        """Return `get_review_repository` where the app has `get_coffee_service` for the class that endpoints take."""
        ends = inflection.underscore(self.style.top.suffix), inflection.underscore(layer.suffix)
        usual = self.style.pattern.replace(*ends)
        is_other = layer is self.style.top or usual != self.style.pattern
        return (usual if is_other else f"get_{{}}_{ends[1]}").format(self.subject.one)

    def _dependent(self, name: str, kind: str, function: str) -> str:
        if self.subject.app.is_annotated:
            return f"{name}: Annotated[{kind}, Depends({function})]"
        return f"{name}: {kind} = Depends({function})"


def _base(layer: Layer, model: str) -> str:
    if layer.base is None:
        return ""
    return f"({layer.base[1]}[{model}])" if layer.is_generic else f"({layer.base[1]})"
