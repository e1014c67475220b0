"""Everything about an app that decides what code with a table, endpoints and tests looks like in it."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from fastwright.project.names import Symbol
from fastwright.recipes._app.app import App
from fastwright.recipes._app.factories import made_session
from fastwright.recipes._app.layout import Kind, Layout, Place
from fastwright.recipes._app.mounting import API_STEPS, Mounting, mounting
from fastwright.recipes._app.packages import packages
from fastwright.recipes._app.sessions import SessionUse, session_use
from fastwright.recipes._app.tables import TableStyle, table_style
from fastwright.recipes._platform.finding import imported
from fastwright.recipes._recipe import Known, Refusal
from fastwright.recipes._routes import Routes

# What apps keep things with, if not with the models of SQLAlchemy.
_OTHERS = (
    *("aiosql", "asyncpg", "beanie", "databases", "edgy", "motor", "mongoengine", "odmantic", "ormar", "peewee"),
    *("piccolo", "pony", "prisma", "psycopg", "psycopg2", "pymongo", "sqlite3", "tortoise"),
)


@dataclass(frozen=True)
class Surroundings(App):
    """An app with a database."""

    session: SessionUse
    tables: TableStyle
    mounting: Mounting

    @cached_property
    def installed(self) -> frozenset[str]:
        return packages(self.known)

    @property
    def is_async(self) -> bool:
        return self.session.is_async

    # Three degrees of one thing: each of them is true only where those above it are.

    @cached_property
    def is_on_app(self) -> bool:
        """Whether endpoints are put on the app itself, in whose file all others are; models may be elsewhere."""
        main = self.layout.main
        alone = self.layout.is_single or {one.file for one in self.routes.registrations} == {main}
        return alone and self.mounting.is_app and self.mounting.file == main

    @cached_property
    def is_in_main(self) -> bool:
        """Whether what new modules need of the app is in its file, which would have to import them: all goes there."""
        needed = {file for file, _ in self.symbols().values()}
        return self.is_on_app and (self.layout.is_single or self.layout.main in needed)

    @property
    def is_single(self) -> bool:
        """Whether models, schemas and endpoints are all in the one file of the app."""
        return self.is_on_app and self.layout.is_single

    def place(self, kind: Kind, singular: str, package: str) -> Place:
        """Return where something goes. What has endpoints in the file of the app cannot be imported from there."""
        place = self.layout.place(kind, singular, package)
        is_new = kind == "router" or (kind == "dependencies" and not self.layout.is_there(place.file))
        return self.layout.in_main(kind) if is_new and self.is_in_main else place

    @property
    def is_annotated(self) -> bool:
        """Whether parameters have their dependency in the annotation: all of a function, or none."""
        return self.session.alias is not None or self.session.is_annotated

    @cached_property
    def prefix(self) -> str:
        """What the paths of the app begin with: that of the includes, and steps such as `/api` and `/v1`."""
        steps = [_api_steps(endpoint.path) for endpoint in self.known.project.endpoints if endpoint.in_schema]
        common, count = Counter(steps).most_common(1)[0] if steps else ("", 0)
        shared = common if count * 2 > len(steps) else ""
        return shared if shared.startswith(self.mounting.prefix) else self.mounting.prefix

    @property
    def given(self) -> str:
        """What an include of a router has to add to the prefix that the router itself has."""
        before = self.mounting.prefix + self.mounting.given
        return self.mounting.given if self.prefix.startswith(before) else ""

    def router_prefix(self, path: str) -> str:
        """Return the prefix that a router at a path has by itself."""
        return path.removeprefix(self.mounting.prefix + self.given)

    def symbols(self) -> dict[str, Symbol]:
        """Return what new code may use of the app, by the names that it does so."""
        found: dict[str, Symbol] = {}
        if self.tables.base[0]:
            found[self.tables.base[1]] = self.tables.base
        if self.session.alias is not None:
            found[self.session.alias[1]] = self.session.alias
        else:
            root = self.session.dependency.split(".")[0]
            found[root] = self._symbol(root)
        return found

    def _symbol(self, root: str) -> Symbol:
        """Return what the first name of the dependency is: a function, or the module with it (`deps.get_db`)."""
        home = self.session.home
        for module, name in self.known.source.files[home].imports:
            for path in map(PurePosixPath, self.known.source.files):
                is_module = path.stem == name == root and module.rpartition(".")[2] in ("", path.parent.name)
                if is_module and root != self.session.dependency:
                    return str(path.with_name("__init__.py")), root
        return self.known.names.resolve(home, ast.Name(root)) or (home, root)


def surroundings(known: Known) -> Surroundings | Refusal:
    """Return what is known of an app with a database, or why there is no place for what needs one."""
    if known.project.conventions.orm == "none" or not known.project.models:
        return _no_models(known)
    pydantic = known.project.app.versions.get("pydantic", "")
    if pydantic.startswith("1."):
        return Refusal(
            reason=f"this app runs on Pydantic {pydantic}, and new code is written for Pydantic 2",
            hint="move it to Pydantic 2 first: pip install bump-pydantic && bump-pydantic .",
        )
    routes = Routes(known)
    session, tables, place = session_use(known) or made_session(known), table_style(known), mounting(known, routes)
    if session is None:
        return Refusal(
            reason="no function of this app is given a database session as a dependency, and no module makes sessions",
            hint="write one (`def get_session()` that yields a session), and use it in an endpoint",
        )
    if tables is None:
        return Refusal(
            reason="the base class of the models is not in this project, so its style cannot be told",
            hint="derive the models from a base class of the project's own",
        )
    if place is None:
        return Refusal(reason="the app object is not made in this project", hint="name it: --app module:attribute")
    return Surroundings(Layout(known, routes), session, tables, place)


def _no_models(known: Known) -> Refusal:
    """Refuse an app without models of SQLAlchemy, and say what it has in their place."""
    where = imported(known, *_OTHERS)
    if where:
        return Refusal(
            reason=f"{where}, and only the tables of SQLAlchemy and SQLModel can be written here",
            hint="write it by hand in the style of the models that are there, then: fastwright prove",
        )
    return Refusal(
        reason="this app keeps nothing in a database that SQLAlchemy or SQLModel could reach",
        hint="what is added has to be stored: give it a database with one model first",
    )


def _api_steps(path: str) -> str:
    found = API_STEPS.match(f"{path}/")
    return found[0] if found and f"{path}/"[found.end() :].startswith("/") else ""
