"""Roles: a column that says what an account is allowed to do, a guard that asks for it, and who may change it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from fastwright.changes import Change, Operation
from fastwright.changes.add_column import AddColumn
from fastwright.changes.wanted import Import
from fastwright.errors import InputError
from fastwright.project.names import Symbol
from fastwright.proof.signed_in import Credentials
from fastwright.recipes._accounts.credentials import credentials
from fastwright.recipes._accounts.guarding import UserGuard, user_guard
from fastwright.recipes._accounts.registering import Registering, registering
from fastwright.recipes._accounts.role_promise import RolePromise
from fastwright.recipes._accounts.samples import another, identity
from fastwright.recipes._app import accounts
from fastwright.recipes._app.layout import Place
from fastwright.recipes._app.models import with_all_models
from fastwright.recipes._app.naming import body_name
from fastwright.recipes._app.surroundings import Surroundings, surroundings
from fastwright.recipes._code.parts import Part
from fastwright.recipes._code.revisions import revision
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._code.writing import linked, makes_tables
from fastwright.recipes._guards import first_guard
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish

_ROLE = re.compile(r"^[a-z][a-z0-9_-]{0,19}$")
_LOWEST = frozenset({"customer", "guest", "member", "reader", "user", "viewer"})
_HIGHEST = ("superuser", "admin", "administrator", "owner", "manager")


class Roles(Wish):
    """The names of the roles."""

    positional: ClassVar[tuple[str, ...]] = ("roles",)
    roles: tuple[str, ...] = Field(
        default=("user", "admin"),
        description="Their names; everybody has the least one, which is added if it is missing.",
    )


@dataclass(frozen=True)
class _Ready:
    """An app that roles can be added to."""

    app: Surroundings
    users: Registering
    guard: UserGuard
    credentials: Credentials
    router: Place
    owner: str
    base: str
    roles: tuple[str, ...]

    @property
    def path(self) -> str:
        return f"{self.base}/users/{{{self.parameter}}}/role"

    @property
    def parameter(self) -> str:
        return f"{self.users.variable}_{self.users.key[0]}"


def plan(known: Known, wish: Roles) -> Answer:
    """Return the plan, or where it is already. Raises `InputError` if a name is none for a role."""
    names = (
        wish.roles if len(wish.roles) > 1 else (*(("user",) if wish.roles != ("user",) else ()), *wish.roles, "admin")
    )
    names = tuple(dict.fromkeys(names))
    wrong = [name for name in names if not _ROLE.match(name)]
    if wrong:
        raise InputError(f"{wrong[0]!r} is no name for a role", hint="write it in small letters, such as editor")
    there = {role for endpoint in known.project.endpoints for role in endpoint.auth.roles}
    if there:
        return Already(reason=f"guards of this app ask for {', '.join(sorted(there))} already")
    if not any(endpoint.auth.guards for endpoint in known.project.endpoints):
        return Refusal(
            reason="nothing in this app turns credentials into a user, so nobody has a role", hint=first_guard(known)
        )
    ready = _ready(with_all_models(known), _ranked(names))
    return ready if isinstance(ready, Refusal) else _plan(ready)


def _ranked(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the roles with the least one first, which may have to be added, and the one that gives roles last."""
    lowest = next((name for name in names if name in _LOWEST), "user")
    others = [name for name in names if name != lowest] or ["admin"]
    highest = next((name for name in _HIGHEST if name in others), others[-1])
    return (lowest, *(name for name in others if name != highest), highest)


def _ready(known: Known, roles: tuple[str, ...]) -> _Ready | Refusal:
    app = surroundings(known)
    if isinstance(app, Refusal):
        return app
    users = registering(app, makes_rows=False)
    if isinstance(users, Refusal):
        return users
    guard = user_guard(app, users) if users.table is None else None
    if guard is None:
        return _unlike(users)
    found, login = credentials(known), accounts.sign_in(known)
    if found is None or login is None:
        return _untried(known, guard)
    model = next(one for one in known.project.models if one.name == users.model)
    if any(column.name == "role" for column in model.columns):
        return Refusal(
            reason=f"{users.model} has a column `role`, and no guard asks for it",
            hint="write the guard for it, beside " + guard.symbol[1],
        )
    registration = app.routes.of(login)
    file = registration.file if registration else app.layout.main
    owner = registration.owner[1] if registration and registration.owner else app.mounting.target
    base = login.path.removesuffix((registration.path or "") if registration and not app.is_single else "")
    return _Ready(
        app, users, guard, found, Place(file), owner, base if not app.is_single else f"{app.prefix}/auth", roles
    )


def _unlike(users: Registering) -> Refusal:
    """Return why the guards of an app are none that a role could be asked of."""
    known = "no model of this app has an e-mail or a password" if users.table is not None else ""
    return Refusal(
        reason=known or f"no guard of this app is seen to return a {users.model}, so there is nobody to have a role",
        hint="add the column and the check by hand, beside the guard that is there, then: fastwright prove",
    )


def _untried(known: Known, guard: UserGuard) -> Refusal:
    """Return why roles could not be tried by real requests."""
    if accounts.registration(known) is None:
        return Refusal(
            reason="no account can be made and signed in here, so roles could not be tried",
            hint="give it an endpoint of registration first: fastwright add registration",
        )
    return Refusal(
        reason="it cannot be told what this app's registration and sign-in take, so roles could not be tried",
        hint=f"add the column and the check by hand, beside {guard.symbol[1]}, then: fastwright prove",
    )


def _plan(ready: _Ready) -> Answer:
    operations = _operations(ready)
    if isinstance(operations, Refusal):
        return operations
    app, users = ready.app, ready.users
    model = next(one for one in app.known.project.models if one.name == users.model)
    highest, table = ready.roles[-1], model.table
    promote = f"UPDATE {table} SET role = '{highest}' WHERE {users.login} = '…'"  # noqa: S608 - for people to read
    risks = [f"The first {highest} is made by hand: {promote}"]
    if app.known.project.conventions.alembic is None:
        told = f"ALTER TABLE {table} ADD COLUMN role VARCHAR(20) NOT NULL DEFAULT '{ready.roles[0]}'"
        also = ", which `create_all` does not do for a table that is there" if makes_tables(app.known) else ""
        risks.append(f"There is no Alembic: run this where the database exists already{also}: {told}")
    return Plan(
        change=Change(summary="add roles", operations=tuple(operations)),
        promise=_promise(ready, table or ""),
        decisions=(
            f"{users.model} gets the column role; everybody is {ready.roles[0]} until somebody gives them more.",
            f"RoleChecker(Role.{_member(highest)}) is the guard: fastwright protect PATH --role {highest}",
            f"PUT {ready.path} gives an account its role; it is for {highest} only.",
        ),
        risks=tuple(risks),
        alternatives=("Other names: fastwright add roles member editor admin",),
    )


def _promise(ready: _Ready, table: str) -> RolePromise:
    account = ready.credentials.registration.json_body
    first = another(account, "first")[identity(account)]
    lowest, highest = ready.roles[0], ready.roles[-1]
    return RolePromise(
        path=ready.path.replace(f"{{{ready.parameter}}}", "{key}"),
        announced_path=ready.path,
        credentials=ready.credentials,
        key=ready.users.key[0],
        table=table,
        login=ready.users.login,
        promote=f"UPDATE \"{table}\" SET role = '{highest}' WHERE {ready.users.login} = '{first}'",  # noqa: S608 - ours
        lowest=lowest,
        highest=highest,
    )


def _operations(ready: _Ready) -> list[Operation] | Refusal:
    app, users = ready.app, ready.users
    model = next(one for one in app.known.project.models if one.name == users.model)
    column = f'sa.Column("role", sa.String(length=20), nullable=False, server_default="{ready.roles[0]}")'
    upgrade, downgrade = f'op.add_column("{model.table}", {column})', f'op.drop_column("{model.table}", "role")'
    migrated = revision(app.known, "add roles", upgrade, downgrade, app.formatting)
    if isinstance(migrated, Refusal):
        return migrated
    code, imports = _column(app.tables.style, ready.roles[0])
    operations: list[Operation] = [
        AddColumn(file=users.symbols[users.model][0], class_name=users.model, name="role", code=code, imports=imports)
    ]
    symbols: dict[str, Symbol] = {**users.symbols, **ready.guard.symbols}
    return [*operations, *linked(app, _parts(ready), symbols), *migrated]


def _column(style: str, default: str) -> tuple[str, tuple[Import, ...]]:
    given = f'default="{default}", server_default="{default}"'
    string = Import(module="sqlalchemy", name="String")
    if style == "mapped":
        mapped = tuple(Import(module="sqlalchemy.orm", name=name) for name in ("Mapped", "mapped_column"))
        return f"role: Mapped[str] = mapped_column(String(20), {given})", (string, *mapped)
    if style == "column":
        column = Import(module="sqlalchemy", name="Column")
        return f"role = Column(String(20), nullable=False, {given})", (string, column)
    keywords = f'sa_column_kwargs={{"server_default": "{default}"}}'
    field = Import(module="sqlmodel", name="Field")
    return f'role: str = Field(default="{default}", max_length=20, {keywords})', (field,)


def _parts(ready: _Ready) -> list[Part]:
    app, users = ready.app, ready.users
    kind = f"Depends(RoleChecker(Role.{_member(ready.roles[-1])}))"
    guard = f"caller: Annotated[{users.model}, {kind}], " if app.is_annotated else ""
    values = {
        "is_async": app.is_async,
        "session": app.session,
        "user": users.model,
        "roles": [{"member": _member(role), "value": role} for role in ready.roles],
        "current_user": ready.guard.parameter("user", users.model, is_annotated=app.is_annotated),
        "key": {"name": users.key[0], "type": users.key[1]},
        "data": body_name(app.known, "role"),
        "guard": guard,
        "guard_last": "" if app.is_annotated else f", caller: {users.model} = {kind}",
        "owner": ready.owner,
        "route": ready.path if app.is_single else ready.path.removeprefix(ready.base),
        "name": "change_role",
        "parameter": ready.parameter,
    }
    return [
        Part(ready.guard.place, rendered("accounts/roles_guard.py", **values)),
        Part(ready.router, rendered("accounts/role_change.py", **values)),
    ]


def _member(role: str) -> str:
    return role.replace("-", "_").upper()


RECIPE = Recipe(
    name="roles",
    summary="what accounts are allowed to do: a role each, and a guard that asks for it",
    wish=Roles,
    plan=plan,
    about=(
        "A column, a guard that asks for roles, and an endpoint at which the highest role gives the others; "
        "accounts that are there have the least one. No endpoint asks for a role yet: `fastwright protect PATH "
        "--role ROLE`. Proven with real accounts: a new one has the least role and gets 403, strangers get 401, and "
        "nobody gives a role to themselves."
    ),
)
