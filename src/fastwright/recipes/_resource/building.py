"""The parts of a resource in one app, and the operations that bring them there."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fastwright.changes import Operation
from fastwright.project.names import Symbol
from fastwright.recipes._app.layout import Place, named_like
from fastwright.recipes._code.parts import Part
from fastwright.recipes._code.revisions import revision
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._code.writing import included, linked, registered_models
from fastwright.recipes._recipe import Refusal
from fastwright.recipes._resource.answering import own_errors
from fastwright.recipes._resource.class_layers import in_classes
from fastwright.recipes._resource.classes import Classes, classes
from fastwright.recipes._resource.layering import Layers, Subject, in_functions, no_layers
from fastwright.recipes._resource.object_layers import in_objects
from fastwright.recipes._resource.objects import objects
from fastwright.recipes._resource.related import new_tables
from fastwright.recipes._resource.shape import Shape
from fastwright.recipes._resource.storing import functions
from fastwright.recipes._resource.suite import resource_tests
from fastwright.recipes._resource.wording import placed, values


@dataclass(frozen=True)
class Building(Shape):
    """The resource, and what brings it there."""

    @cached_property
    def values(self) -> dict[str, Any]:
        """What all its templates are told."""
        return values(self, self._classes)

    @property
    def places(self) -> dict[str, Place]:
        layout = self.app.layout
        package = named_like(layout.domains, self.one) if layout.domains else self.one
        found = {kind: layout.place(kind, self.one, package) for kind in ("models", "schemas", "router")}
        return {**found, "router": Place(layout.main)} if self.is_on_app else found

    def operations(self) -> list[Operation] | Refusal:
        """Return what brings it into the app, or why there can be no migration."""
        migrated = self._migration()
        if isinstance(migrated, Refusal):
            return migrated
        app, places = self.app, self.places
        parts = [*self._tables(), *self._endpoints()]
        operations = linked(app, parts, {**self._symbols(), **self.layers.symbols})
        operations += [column for one in self.related if (column := one.column(app.tables)) is not None]
        if not self.is_on_app:
            operations.append(included(app, places["router"].file))
        operations += self.layers.operations
        operations += registered_models(app, places["models"].file, self.resource.name)
        return [*operations, *migrated, *resource_tests(self)]

    def _tables(self) -> Iterator[Part]:
        words = self.many.replace("_", " ")
        between, table = new_tables(self.table, self.related, self.app.tables)
        yield Part(self.places["models"], between + table.code(self.app.tables), f"The table of {words}.")
        yield Part(
            self.places["schemas"], rendered("resource/schemas.py", **self.values), f"What {words} take and give."
        )

    def _endpoints(self) -> Iterator[Part]:
        yield from self.layers.parts
        told = {**self.values, **self.layers.values}
        words = self.many.replace("_", " ")
        yield Part(self.places["router"], rendered(self.layers.router, **placed(self, told)), f"Endpoints of {words}.")

    def _migration(self) -> list[Operation] | Refusal:
        upgrade = "\n".join([self.table.creation(), *(one.upgrade() for one in self.related)])
        downgrade = "\n".join([*(one.downgrade() for one in reversed(self.related)), self.table.removal()])
        summary = f"add {self.many.replace('_', ' ')}"
        return revision(self.app.known, summary, upgrade, downgrade, self.app.formatting)

    def _symbols(self) -> dict[str, Symbol]:
        known = {model.name: (model.file or "", model.name) for model in self.app.known.project.models}
        found = {one.target: known[one.target] for one in self.members if one.target}
        found |= {one.target.name: known[one.target.name] for one in self.related}
        for chosen in self.guards.values():
            for node in ast.walk(chosen.target):
                if isinstance(node, ast.Name):
                    symbol = self.app.known.names.resolve(chosen.home, node)
                    found[node.id] = symbol or (chosen.home, node.id)
        raised = {symbol[1]: symbol for symbol in own_errors(self.app, self._classes).values()}
        return found | raised | (self.owner.caller.symbols if self.owner else {})

    @cached_property
    def layers(self) -> Layers:
        """What stands between its endpoints and the database."""
        layout = self.app.layout
        package = named_like(layout.domains, self.one) if layout.domains else self.one
        purpose = f"How {self.many.replace('_', ' ')} are found and kept."
        subject = Subject(self.app, self.resource.name, self.one, package, purpose, self.values)
        if self._classes is not None:
            return in_classes(subject, self._classes.of(self.one))
        kept = None if self.app.is_single else objects(self.app.known, self.routed)
        if kept is not None and not (kept.is_static and self.related):
            return in_objects(subject, kept)
        style = None if self.app.is_single else functions(self.app.known, self.routed)
        return in_functions(subject, style) if style is not None else no_layers(subject)

    @cached_property
    def _classes(self) -> Classes | None:
        return None if self.app.is_single else classes(self.app.known, self.routed)
