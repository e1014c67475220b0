"""The `Project`: what the code is. What could not be resolved is listed as such.

The names of the fields are those of `map --json`, on which others rely.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, computed_field

Level = Literal["app", "router", "include", "endpoint"]
Kind = Literal["operation", "plain", "websocket"]


class Frozen(BaseModel):
    """Immutable data that refuses fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Place(Frozen):
    """A name in the source. `file` is relative to the project; outside of it, there is none."""

    name: str
    file: str | None = None
    line: int | None = None

    @property
    def where(self) -> str:
        """The place for people."""
        return f"{self.file}:{self.line}" if self.file else "in a package that it uses"


class Guard(Place):
    """A dependency that looks at who is calling. `level` is where it, or what needs it, was attached.

    `name` is that of the function or class; `shown` tells apart what was made of it: `RoleChecker('admin')`. All
    that stand between a scheme and the endpoint are here; `refuses` says which of them raise.

    `chain` leads from the security scheme, or the first dependency that looks at the caller, to what was attached.
    """

    shown: str
    refuses: bool
    level: Level
    chain: tuple[str, ...]
    roles: tuple[str, ...] = ()


class Auth(Frozen):
    """Who may call an endpoint.

    `required` says whether a caller without credentials is refused, and `proven` whether one was sent and that was
    seen. `claimed` is what the code says; `refused_by` is where the refusal came from.
    """

    required: bool
    proven: bool
    claimed: bool
    status: int | None = None
    refused_by: Literal["guard", "middleware", "endpoint"] | None = None
    schemes: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()


class Endpoint(Place):
    """One method of one path."""

    method: str
    path: str
    kind: Kind
    auth: Auth
    request_model: str | None
    response_model: str | None
    status_code: int | None
    responses: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = ()
    is_async: bool = False
    in_schema: bool = True


class Mount(Frozen):
    """Something below a path that has no routes to be walked, such as a directory of static files."""

    path: str
    name: str


class Column(Frozen):
    """A column; `name` is the attribute of the model, `column` its name in the database."""

    name: str
    column: str
    type: str
    nullable: bool
    primary_key: bool
    foreign_key: str | None
    index: bool
    unique: bool


class Relation(Frozen):
    """A relationship to another model; `uselist` says that there are many."""

    name: str
    target: str | None
    uselist: bool
    lazy: str
    secondary: str | None
    back_populates: str | None


class Index(Frozen):
    """An index or a unique constraint."""

    name: str | None
    columns: tuple[str, ...]
    unique: bool


class Table(Frozen):
    """A table that no model has, such as one that joins two others."""

    name: str
    columns: tuple[Column, ...]
    indexes: tuple[Index, ...]


class Model(Place):
    """A class that is mapped to a table."""

    table: str | None
    columns: tuple[Column, ...]
    relations: tuple[Relation, ...]
    indexes: tuple[Index, ...]


class Tests(Frozen):
    """The tests of the project, and the fixtures that a new test can use."""

    directories: tuple[str, ...] = ()
    files: int = 0
    fixtures: tuple[Place, ...] = ()


class Conventions(Frozen):
    """How this project does things; a change has to be written in the same way."""

    layout: Literal["single-file", "layers", "domains", "mixed"]
    style: Literal["sync", "async", "mixed"]
    depends: Literal["annotated", "default", "mixed", "none"]
    orm: Literal["sqlalchemy", "sqlmodel", "none"]
    session: tuple[Place, ...] = ()
    current_user: tuple[Place, ...] = ()
    settings: tuple[Place, ...] = ()
    routers: tuple[Place, ...] = ()
    includes: tuple[Place, ...] = ()
    middleware: tuple[str, ...] = ()
    tests: Tests = Tests()
    alembic: str | None = None
    dependency_file: str | None = None


class Unresolved(Frozen):
    """Something that could not be known, and why. `subject` is an endpoint, a file or a name."""

    subject: str
    reason: str
    file: str | None = None
    line: int | None = None


class App(Frozen):
    """The app object, and in what it was read.

    `static` says that nothing was run; `databases` are those for which SQLite stood in.
    """

    entry: str
    root: str
    file: str | None = None
    line: int | None = None
    python: str | None = None
    versions: dict[str, str] = {}
    static: bool = False
    seconds: dict[str, float] = {}
    databases: tuple[str, ...] = ()


class Project(Frozen):
    """Everything that is known of a project."""

    app: App
    endpoints: tuple[Endpoint, ...]
    mounts: tuple[Mount, ...] = ()
    models: tuple[Model, ...] = ()
    tables: tuple[Table, ...] = ()
    conventions: Conventions
    unresolved: tuple[Unresolved, ...] = ()

    @computed_field
    @property
    def counts(self) -> dict[str, int]:
        """Return how many of what there are."""
        return {
            "endpoints": len(self.endpoints),
            "guarded": sum(endpoint.auth.required for endpoint in self.endpoints),
            "open": sum(not endpoint.auth.required for endpoint in self.endpoints),
            "proven": sum(endpoint.auth.proven for endpoint in self.endpoints),
            "models": len(self.models),
            "unresolved": len(self.unresolved),
        }
