"""The parts of a resource in one app, and the operations that bring them there."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import inflection

from fastwright.changes import Operation
from fastwright.design.model import Resource
from fastwright.project.names import Symbol
from fastwright.project.source import Function
from fastwright.recipes._app.layout import Place, named_like
from fastwright.recipes._app.naming import schema_names
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._code.columns import Table
from fastwright.recipes._code.parts import Part
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._code.writing import included, linked, migration, registered_models, tested
from fastwright.recipes._guards import Chosen
from fastwright.recipes._recipe import Refusal
from fastwright.recipes._resource.members import Member


@dataclass(frozen=True)
class Building:
    """A resource as it will be in an app. `guards` are what reads and writes depend on, as others of the app do."""

    app: Surroundings
    resource: Resource
    members: tuple[Member, ...]
    table: Table
    guards: dict[str, Chosen]

    @property
    def one(self) -> str:
        return inflection.underscore(self.resource.name)

    @property
    def many(self) -> str:
        return inflection.pluralize(self.one)

    @property
    def route(self) -> str:
        """The path of the collection, with a slash at the end where the app has one."""
        return f"{self.path}{'/' if self._has_slash else ''}"

    @property
    def path(self) -> str:
        return f"{self.app.prefix}/{self.many.replace('_', '-')}"

    @property
    def item(self) -> str:
        return f"{self.path}/{{{self.parameter}}}"

    @property
    def parameter(self) -> str:
        return f"{self.one}_{self.table.key.name}"

    @property
    def has_update(self) -> bool:
        """Whether changes are sent in part, as most apps have it, and not whole."""
        methods = Counter(endpoint.method for endpoint in self.app.known.project.endpoints)
        return methods["PATCH"] >= methods["PUT"] and bool(self.members)

    @property
    def _has_slash(self) -> bool:
        lists = [
            endpoint.path
            for endpoint in self.app.known.project.endpoints
            if endpoint.method == "POST" and "{" not in endpoint.path and endpoint.kind == "operation"
        ]
        return sum(path.endswith("/") for path in lists) * 2 > len(lists)

    @property
    def adds(self) -> tuple[str, ...]:
        change = "PATCH" if self.has_update else "PUT"
        collection = [f"{method} {self.route}" for method in ("GET", "POST")]
        return (*collection, *(f"{method} {self.item}" for method in ("GET", change, "DELETE")))

    @property
    def places(self) -> dict[str, Place]:
        layout = self.app.layout
        package = named_like(layout.domains, self.one) if layout.domains else self.one
        return {kind: layout.place(kind, self.one, package) for kind in ("models", "schemas", "router")}

    @property
    def sample(self) -> dict[str, object]:
        """A body that is accepted."""
        return {one.name: one.sample for one in self.members}

    @property
    def wrongs(self) -> list[dict[str, object]]:
        """Changes to it after which it is not."""
        return [{one.name: wrong} for one in self.members for wrong in one.wrongs]

    def operations(self) -> list[Operation] | Refusal:
        """Return what brings it into the app, or why there can be no migration."""
        migrated = migration(self.app, f"add {self.many.replace('_', ' ')}", [self.table])
        if isinstance(migrated, Refusal):
            return migrated
        app, places = self.app, self.places
        operations = linked(app, list(self._parts()), self._symbols())
        if not app.is_single:
            operations.append(included(app, places["router"].file))
        operations += registered_models(app, places["models"].file, self.resource.name)
        return [*operations, *migrated, *self._tests()]

    def _parts(self) -> Iterator[Part]:
        values = self._values()
        words = self.many.replace("_", " ")
        yield Part(self.places["models"], self.table.code(self.app.tables), f"The table of {words}.")
        yield Part(self.places["schemas"], rendered("resource/schemas.py", **values), f"What {words} take and give.")
        yield Part(self.places["router"], rendered("resource/router.py", **values), f"Endpoints of {words}.")

    def _symbols(self) -> dict[str, Symbol]:
        known = {model.name: (model.file or "", model.name) for model in self.app.known.project.models}
        found = {one.target: known[one.target] for one in self.members if one.target}
        for chosen in self.guards.values():
            for node in ast.walk(chosen.target):
                if isinstance(node, ast.Name):
                    symbol = self.app.known.names.resolve(chosen.home, node)
                    found[node.id] = symbol or (chosen.home, node.id)
        return found

    def _values(self) -> dict[str, object]:
        app, names, one = self.app, schema_names(self.app.known), self.one
        key, data, name = self.table.key, schema_names(self.app.known).body, self.resource.name
        existing = self._given(f"existing_{one}", name)
        unique = [member.name for member in self.members if member.column.unique]
        words = one.replace("_", " ")
        return {
            "members": self.members,
            "names": {
                "model": name,
                **{kind: f"{name}{getattr(names, kind)}" for kind in ("create", "read", "update")},
            },
            "functions": {kind: f"{kind}_{self.many if kind == 'list' else one}" for kind in _FUNCTIONS},
            "session": app.session,
            "is_async": app.is_async,
            "one": one,
            "words": words,
            "many_words": self.many.replace("_", " "),
            "article": f"{'an' if words[0] in 'aeiou' else 'a'} {words}",
            "key": {"name": key.name, "type": key.python},
            "parameter": self.parameter,
            "data": data,
            "owner": app.mounting.target if app.is_single else "router",
            "new_router": not app.is_single,
            "router_prefix": app.router_prefix(self.path),
            "tag": self.many.replace("_", "-"),
            "route": self.route if app.is_single else self.route.removeprefix(self.path),
            "item": self.item if app.is_single else self.item.removeprefix(self.path),
            "path": self.path,
            "existing": existing,
            "existing_and_session": f"{app.session.text}, {existing}"
            if app.is_annotated
            else f"{existing}, {app.session.text}",
            "has_update": self.has_update,
            "has_references": any(member.target for member in self.members),
            "has_unique": bool(unique),
            "unique": " or ".join(unique),
            "guard": {kind: self._guard(kind) for kind in ("read", "write")},
            "paging": self._paging(),
        }

    def _given(self, dependency: str, kind: str) -> str:
        if self.app.is_annotated:
            return f"{self.one}: Annotated[{kind}, Depends({dependency})]"
        return f"{self.one}: {kind} = Depends({dependency})"

    def _guard(self, kind: str) -> str:
        chosen = self.guards.get(kind)
        return f", dependencies=[{chosen.text}]" if chosen else ""

    def _paging(self) -> dict[str, str]:
        """Return the parameters of a page, called as the app calls them elsewhere."""
        names = Counter(
            argument.arg
            for file in self.app.known.source.own
            for node in file.nodes
            if isinstance(node, Function) and node.decorator_list
            for argument in node.args.args
        )
        offset = "skip" if names["skip"] > names["offset"] else "offset"
        session = self.app.session.text
        if self.app.is_annotated:
            skipped, limit = "Annotated[int, Query(ge=0)] = 0", "limit: Annotated[int, Query(ge=1, le=100)] = 20"
            return {"offset": offset, "parameters": f"{session}, {offset}: {skipped}, {limit}"}
        skipped, limit = "int = Query(0, ge=0)", "limit: int = Query(20, ge=1, le=100)"
        return {"offset": offset, "parameters": f"{offset}: {skipped}, {limit}, {session}"}

    def _tests(self) -> list[Operation]:
        """Return tests, where they need neither an account nor rows of others."""
        if self.guards or any(member.target and member.required for member in self.members):
            return []
        sample = {one.name: one.sample for one in self.members if not one.target}
        return tested(
            self.app,
            "resource/test.py",
            self.many,
            one=self.one,
            many=self.many,
            constant=self.one.upper(),
            body=repr(sample),
            wrong=repr([wrong for wrong in self.wrongs if next(iter(wrong)) not in self._keys]),
            route=self.route,
            method="patch" if self.has_update else "put",
        )

    @property
    def _keys(self) -> set[str]:
        return {one.name for one in self.members if one.target}


_FUNCTIONS = ("list", "create", "get", "update", "delete")
