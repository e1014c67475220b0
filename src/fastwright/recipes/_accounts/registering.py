"""The parts of an endpoint at which people create their own account."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import inflection

from fastwright.changes import Operation
from fastwright.project.model import Column as KnownColumn
from fastwright.project.names import Symbol
from fastwright.recipes._accounts.samples import ADDRESS, NAME, PASSWORD
from fastwright.recipes._app import accounts
from fastwright.recipes._app.layout import Place
from fastwright.recipes._app.naming import body_name, schema_names
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._code.columns import Column, Table, key_column
from fastwright.recipes._code.parts import Part
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._recipe import Refusal

_SAMPLES = {"str": "Ada", "int": 1, "bool": True, "float": 1.5}
_TYPES = {"VARCHAR": "str", "TEXT": "str", "INTEGER": "int", "BOOLEAN": "bool", "FLOAT": "float"}


@dataclass(frozen=True)
class Extra:
    """A field that an account needs besides the address and the password."""

    name: str
    type: str
    shown: str
    sample: object


@dataclass(frozen=True)
class Registering:
    """What an endpoint of registration consists of. `table` is there where the app has no model of users.

    `login` is the column that tells accounts apart: with an address, or with a name that people choose.
    """

    app: Surroundings
    model: str
    login: str
    is_address: bool
    password: str
    key: tuple[str, str]
    extra: tuple[Extra, ...]
    table: Table | None
    symbols: dict[str, Symbol]
    hasher: str
    create: str
    read: str
    location: str = ""
    hash: str = "hash_password"
    places: dict[str, Place] = field(default_factory=dict[str, Place])

    @property
    def path(self) -> str:
        return f"{self.app.prefix}/auth/register"

    @property
    def is_routed(self) -> bool:
        """Whether the endpoints get a router of their own."""
        return not self.app.is_in_main

    @property
    def variable(self) -> str:
        return inflection.underscore(self.model)

    @property
    def field(self) -> str:
        """What the body calls the column."""
        return "email" if self.is_address else self.login

    @property
    def sample(self) -> dict[str, object]:
        """A body that is accepted."""
        login = ADDRESS if self.is_address else NAME
        return {self.field: login, "password": PASSWORD, **{one.name: one.sample for one in self.extra}}

    @property
    def owner(self) -> str:
        """What the endpoint is put on."""
        return self.app.mounting.target if self.app.is_in_main else "router"

    def parts(self) -> Iterator[Part]:
        """Yield the code; a part that the app has already is left out."""
        if self.table is not None:
            yield Part(self.places["models"], self.table.code(self.app.tables), "The people who have an account.")
        values = self.values()
        yield Part(self.places["schemas"], rendered("accounts/schemas.py", **values), "What accounts take and give.")
        yield Part(self.places["schemas"], rendered("accounts/read_schema.py", **values))
        if self.hash not in self.symbols:
            yield Part(
                self.places["security"], rendered("accounts/passwords.py", **values), "How passwords are stored."
            )
        yield Part(self.places["router"], rendered("accounts/register.py", **values), "Endpoints of accounts.")

    def values(self) -> dict[str, object]:
        """Return what the templates are filled in with."""
        return {
            "app": self.app,
            "session": self.app.session,
            "is_async": self.app.is_async,
            "login": {"column": self.login, "field": self.field, "is_address": self.is_address},
            "password": self.password,
            "variable": self.variable,
            "extra": self.extra,
            "hash": self.hash,
            "hasher": self.hasher,
            "has_email_validator": "email_validator" in self.app.installed,
            "key": {"name": self.key[0], "type": self.key[1]},
            "names": {"model": self.model, "create": self.create, "read": self.read, "register": self._function},
            "data": body_name(self.app.known, "user"),
            "owner": self.owner,
            "new_router": self.is_routed,
            "router_prefix": self.app.router_prefix(self.path.removesuffix("/register")),
            "route": "/register" if self.is_routed else self.path,
            "location": self.location,
        }

    @property
    def _function(self) -> str:
        taken = self.app.known.source.files.get(self.places["router"].file)
        return "register_account" if taken is not None and "register" in taken.definitions else "register"


def registering(app: Surroundings, *, makes_rows: bool = True) -> Registering | Refusal:
    """Return what registration takes in this app, or why it cannot be added; without `makes_rows`, what is known."""
    known = accounts.users(app.known)
    places = {kind: app.place(kind, "user", "auth") for kind in ("models", "schemas", "security", "router")}
    hasher = next((name for name in ("pwdlib", "argon2") if name in _argon2(app)), "scrypt")
    if known is None or (known.email is None and known.name is None and known.password is None):
        return _new(app, places, hasher)
    problem = _unfit(known, makes_rows=makes_rows)
    if problem is not None:
        return problem
    login = known.email or known.name
    assert login is not None and known.password is not None  # noqa: S101, PT018 - told by `_unfit`
    names, hashed = schema_names(app.known), accounts.hashing(app.known)
    symbols = {known.model.name: known.symbol, **({hashed[1]: hashed} if hashed else {})}
    return Registering(
        app=app,
        model=known.model.name,
        login=login.name,
        is_address=known.email is not None,
        password=known.password.name,
        key=(known.key.name, _python(known.key)),
        extra=tuple(_extra(column) for column in known.needed if column != login) if makes_rows else (),
        table=None,
        symbols=symbols,
        hasher=hasher,
        create=_free(app, places["schemas"], f"{known.model.name}{names.create}", f"{known.model.name}Register"),
        read=_free(app, places["schemas"], f"{known.model.name}{names.read}", f"Registered{known.model.name}"),
        hash=hashed[1] if hashed else "hash_password",
        places=places,
    )


def registration_tests(new: Registering) -> list[Operation]:
    """Return the tests of the endpoint."""
    values = {"path": new.path, "login": new.values()["login"], "body": repr(new.sample)}
    return new.app.test("accounts/test_register.py", "registration", **values)


def _new(app: Surroundings, places: dict[str, Place], hasher: str) -> Registering | Refusal:
    taken = {model.name for model in app.known.project.models}
    model = next((name for name in ("User", "Account") if name not in taken), None)
    if model is None:
        return Refusal(
            reason="User and Account are models of this app already, and neither has an address and a password",
            hint="give one of them the columns `email` and `password_hash`",
        )
    names, name = schema_names(app.known), app.tables.table(inflection.underscore(model))
    key = key_column(app.tables)
    columns = (
        key,
        Column("email", "str", length=254, unique=True),
        Column("password_hash", "str", length=255),
    )
    table = Table(name, model, columns, "Somebody who has an account.")
    return Registering(
        app=app,
        model=model,
        login="email",
        is_address=True,
        password="password_hash",  # noqa: S106 - the name of a column
        key=(key.name, key.python),
        extra=(),
        table=table,
        symbols={},
        hasher=hasher,
        create=_free(app, places["schemas"], f"{model}{names.create}", f"{model}Register"),
        read=_free(app, places["schemas"], f"{model}{names.read}", f"Registered{model}"),
        places=places,
    )


def _free(app: Surroundings, place: Place, *names: str) -> str:
    """Return the first of these names that nothing else has where it is to be written."""
    file = app.known.source.files.get(place.file)
    taken = set(file.definitions) | set(file.assignments) if file is not None else set[str]()
    return next((name for name in names if name not in taken), names[-1])


def _argon2(app: Surroundings) -> set[str]:
    """Return what can hash with argon2; pwdlib does so only where argon2-cffi is there, too."""
    found = {"argon2"} & app.installed
    return found | ({"pwdlib"} & app.installed if found else set[str]())


def _unfit(known: accounts.Users, *, makes_rows: bool) -> Refusal | None:
    """Return why rows of the model cannot be made from an address and a password."""
    name, table = known.model.name, known.model.table
    login = known.email or known.name
    missing = [what for what, column in (("e-mail or name", login), ("password", known.password)) if column is None]
    if missing or login is None:
        return Refusal(
            reason=f"{name} has no column for the {' and the '.join(missing)}: rows that exist would be without one",
            hint=f"add it to {name} with a migration that says what the rows in {table} get, then ask again",
        )
    is_alone = login.primary_key and sum(column.primary_key for column in known.model.columns) == 1
    indexed = any(index.unique and index.columns == (login.column,) for index in known.model.indexes)
    if not (login.unique or is_alone or indexed):
        return Refusal(
            reason=f"{name}.{login.name} is not unique: two accounts could share it",
            hint=(
                f"make it unique where it is declared ({known.model.file}:{known.model.line}), with a "
                f"migration; if rows of {table} share one, merge those before"
            ),
        )
    strange = [
        column
        for column in known.needed
        if column != login and (column.foreign_key or column.type.split("(")[0] not in _TYPES)
    ]
    if strange and makes_rows:
        listed = ", ".join(column.name for column in strange)
        return Refusal(
            reason=f"an account needs {listed}, which somebody who registers cannot choose",
            hint="give these columns a default, or make them optional",
        )
    return None


def _extra(column: KnownColumn) -> Extra:
    kind = _TYPES[column.type.split("(")[0]]
    size = column.type.partition("(")[2].rstrip(")")
    if kind != "str":
        return Extra(column.name, kind, kind, _SAMPLES[kind])
    limit = f", max_length={size}" if size.isdigit() else ", max_length=255"
    return Extra(column.name, f"str = Field(min_length=1{limit})", "str", _SAMPLES[kind])


def _python(column: KnownColumn) -> str:
    kind = column.type.split("(")[0]
    return {"INTEGER": "int", "BIGINT": "int", "CHAR": "UUID", "UUID": "UUID"}.get(kind, "str")
