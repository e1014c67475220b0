"""A resource as it fits into an app: its names and paths, what its bodies have, and values to try it with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import inflection

from fastwright.design.model import Resource
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._code.columns import Table
from fastwright.recipes._guards import Chosen
from fastwright.recipes._resource.members import Member
from fastwright.recipes._resource.owners import Owner
from fastwright.recipes._resource.related import Related
from fastwright.recipes._resource.styles import EndpointStyle, endpoint_style


@dataclass(frozen=True)
class Shape:
    """A resource that has its place in an app.

    `related` are its relations to many rows. `guards` are what reads and writes depend on, as others of the app do, and
    rows belong to their `owner`, if they are to have one.
    """

    app: Surroundings
    resource: Resource
    members: tuple[Member, ...]
    related: tuple[Related, ...]
    table: Table
    guards: dict[str, Chosen]
    owner: Owner | None

    @cached_property
    def style(self) -> EndpointStyle:
        return endpoint_style(self.app)

    @cached_property
    def routed(self) -> frozenset[str]:
        """The files that have endpoints."""
        return frozenset(one.file for one in self.app.routes.registrations)

    @property
    def is_on_app(self) -> bool:
        """Whether its endpoints are put on the app itself, in whose file all others are."""
        return self.app.is_on_app

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
    def owned(self) -> str:
        """The member that says whose a row is."""
        names = [one.name for one in self.members if self.owner and one.name.startswith(f"{self.owner.relation}_")]
        return names[0] if names else ""

    @property
    def bodies(self) -> tuple[Member, ...]:
        """The members that bodies have: all but the owner."""
        return tuple(one for one in self.members if one.name != self.owned)

    @property
    def sample(self) -> dict[str, object]:
        """A body that is accepted."""
        return {**{one.name: one.sample for one in self.bodies}, **{one.name: [one.sample] for one in self.related}}

    @property
    def wrongs(self) -> list[dict[str, object]]:
        """Changes to it after which it is not."""
        return [{one.name: wrong} for one in self.bodies for wrong in one.wrongs]

    @property
    def keys(self) -> set[str]:
        return {one.name for one in self.members if one.target}
