"""The parts of signing in: tokens, the table of logins, their endpoints, and the guard that reads them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import inflection

from fastwright.project.locate import keyword
from fastwright.project.model import Endpoint
from fastwright.project.names import Symbol
from fastwright.recipes._accounts.registering import Registering, registering
from fastwright.recipes._accounts.samples import sample_body, schema
from fastwright.recipes._app import accounts
from fastwright.recipes._app.layout import Place
from fastwright.recipes._app.naming import body_name
from fastwright.recipes._app.secrets import Secret, secret
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._code.columns import Column, Table, key_column
from fastwright.recipes._code.parts import Part
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._recipe import Refusal

_ALLOWED = re.compile(r"^(is_)?(active|enabled)$")
_FORBIDDEN = re.compile(r"^(is_)?(disabled|banned|blocked|locked|deleted)$")


@dataclass(frozen=True)
class SigningIn:
    """What signing in consists of. `registering` is there where accounts could not be made before.

    `register` is the path where they can be, `sample` a body that it takes; `router` is the file with the endpoints,
    and `is_new` says whether its router is.
    """

    app: Surroundings
    accounts: Registering
    is_registering: bool
    register: str
    sample: dict[str, object]
    base: str
    router: Place
    owner: str
    is_new: bool
    key: Secret
    table: Table
    checks: str
    verify: str
    symbols: dict[str, Symbol]

    @property
    def places(self) -> dict[str, Place]:
        app = self.app
        models, dependencies = app.place("models", "login", "auth"), app.place("dependencies", "user", "auth")
        return {**self.accounts.places, "models": models, "dependencies": dependencies}

    @property
    def tables(self) -> list[Table]:
        """The tables that are new."""
        users = self.accounts.table if self.is_registering else None
        return [*([users] if users else []), self.table]

    def parts(self) -> Iterator[Part]:
        """Yield the code, after that of registration where that is missing."""
        if self.is_registering:
            yield from self.accounts.parts()
        values = self._values()
        places = self.places
        yield Part(places["models"], self.table.code(self.app.tables), "Who is signed in.")
        yield Part(places["schemas"], rendered("accounts/sign_in_schemas.py", **values), "What accounts take and give.")
        if not self.is_registering and self.accounts.read not in self.symbols:
            yield Part(places["schemas"], rendered("accounts/read_schema.py", **self.accounts.values()))
        yield Part(places["security"], rendered("accounts/tokens.py", **values), "Passwords and tokens.")
        yield Part(places["dependencies"], rendered("accounts/guard.py", **values), "What endpoints depend on.")
        yield Part(self.router, rendered("accounts/sign_in.py", **values), "Endpoints of accounts.")

    def _values(self) -> dict[str, object]:
        app, users = self.app, self.accounts
        has_forms = bool({"python_multipart", "multipart"} & app.installed)
        read = users.read
        return {
            "session": app.session,
            "is_async": app.is_async,
            "is_annotated": app.is_annotated,
            "secret": self.key,
            "has_jwt": "jwt" in app.installed,
            "has_forms": has_forms,
            "hash": users.hash,
            "verify": self.verify,
            "base": self.base,
            "owner": self.owner,
            "new_router": self.is_new and not self.is_registering,
            "router_prefix": app.router_prefix(self.base),
            "route": self.base if app.is_in_main else "",
            "login": {"model": self.table.model, "is_address": users.is_address},
            "user": {
                "model": users.model,
                "key": users.key[0],
                "password": users.password,
                "lookup": self._lookup(),
                "refused": self.checks,
            },
            "data": body_name(app.known, "token"),
            "form": self._form(has_forms=has_forms),
            "current_user": "user: CurrentUser"
            if app.is_annotated
            else f"user: {users.model} = Depends(get_current_user)",
            "names": {
                "read": read,
                **{name: self._free(name) for name in ("log_in", "refresh", "log_out", "read_me")},
            },
        }

    def _free(self, name: str) -> str:
        known = self.app.known.source.files.get(self.router.file)
        return f"{name}_account" if known is not None and name in known.definitions else name

    def _lookup(self) -> str:
        column = f"{self.accounts.model}.{self.accounts.login}"
        if not self.accounts.is_address:
            return f"{column} == form.username"
        if self.accounts.table is not None or not self._is_foreign:
            return f"{column} == form.username.lower()"
        return f"func.lower({column}) == form.username.lower()"

    @property
    def _is_foreign(self) -> bool:
        """Whether others have written addresses into the table, in capitals maybe."""
        return self.register != f"{self.base}/register"

    def _form(self, *, has_forms: bool) -> str:
        kind = "OAuth2PasswordRequestForm" if has_forms else "PasswordForm"
        depends = "Depends()" if has_forms else "Depends(password_form)"
        return f"form: Annotated[{kind}, {depends}]" if self.app.is_annotated else f"form: {kind} = {depends}"


def signing_in(app: Surroundings) -> SigningIn | Refusal:
    """Return what signing in takes in this app, or why it cannot be added."""
    there = accounts.registration(app.known)
    new = registering(app)
    if isinstance(new, Refusal):
        return new
    if there is not None and new.table is not None:
        return Refusal(
            reason=f"POST {there.path} makes accounts, and no model of this app has both an address and a password",
            hint="give the model of the users the columns `email` and `password_hash`",
        )
    sample = dict(new.sample) if there is None else sample_body(app.known, there)
    if sample is None:
        return Refusal(
            reason="it cannot be told from the source what an account is made of, so signing in cannot be tried",
            hint="give the body of the registration fields with plain types",
        )
    verify = _verification(app, new)
    if isinstance(verify, Refusal):
        return verify
    return _fitted(app, there, new, sample, verify)


def _fitted(
    app: Surroundings,
    there: Endpoint | None,
    users: Registering,
    sample: dict[str, object],
    verify: tuple[str, dict[str, Symbol]],
) -> SigningIn:
    """Return signing in for accounts that can be made `there` already, or that come with it."""
    shown = schema(app.known, there.response_model) if there else None
    if shown is not None:
        users = replace(users, read=shown[1])
    elif there is None:
        users = replace(users, location=f"{app.prefix}/auth/me")
    router, owner, base = _router(app, there)
    key = secret(app.known)
    return SigningIn(
        app=app,
        accounts=users,
        is_registering=there is None,
        register=there.path if there else users.path,
        sample=sample,
        base=base,
        router=router,
        owner=owner,
        is_new=not app.is_in_main and not app.layout.is_there(router.file),
        key=key,
        table=_logins(app, users),
        checks=_checks(app, users),
        verify=verify[0],
        symbols={**users.symbols, **verify[1], **dict(key.symbols), **({users.read: shown} if shown else {})},
    )


def _router(app: Surroundings, there: Endpoint | None) -> tuple[Place, str, str]:
    """Return the file of the endpoints, what they are put on, and the path that they begin with."""
    base = f"{app.prefix}/auth"
    if app.is_in_main:
        return Place(app.layout.main), app.mounting.target, base
    registration = app.routes.of(there) if there else None
    if there and registration and registration.owner and registration.path:
        value = app.known.names.value(registration.owner)
        prefix = keyword(value, "prefix") if isinstance(value, ast.Call) else None
        if isinstance(prefix, ast.Constant) and str(prefix.value).endswith("/auth"):
            file, owner = registration.owner
            return Place(file), owner, there.path.removesuffix(registration.path)
    return app.place("router", "user", "auth"), "router", base


def _logins(app: Surroundings, users: Registering) -> Table:
    """Return the table with a row for each login; it holds no token, only the hash of the last refresh token."""
    taken = {model.name for model in app.known.project.models}
    model = next(name for name in ("Login", "LoginSession", "TokenFamily") if name not in taken)
    known = {one.name: one for one in app.known.project.models}
    owner = users.table.name if users.table else known[users.model].table
    kinds = {"int": "int", "UUID": "uuid"}
    kind = kinds.get(users.key[1], "str")
    columns = (
        key_column(app.tables),
        Column("sid", "str", length=32, unique=True, index=True),
        Column(
            "user_id",
            "int" if kind == "int" else "uuid" if kind == "uuid" else "str",
            index=True,
            references=f"{owner}.{_key_column(app, users)}",
            on_delete="CASCADE",
        ),
        Column("token_hash", "str", length=64),
        Column("expires_at", "datetime"),
    )
    name = app.tables.table(inflection.underscore(model))
    return Table(name, model, columns, "A login, and the hash of the refresh token that it can go on with.")


def _key_column(app: Surroundings, users: Registering) -> str:
    for model in app.known.project.models:
        if model.name == users.model:
            return next((column.column for column in model.columns if column.name == users.key[0]), users.key[0])
    return users.key[0]


def _checks(app: Surroundings, users: Registering) -> str:
    """Return what else keeps a user out, as the end of a condition."""
    model = next((one for one in app.known.project.models if one.name == users.model), None)
    names = [column.name for column in model.columns if column.type == "BOOLEAN"] if model else []
    allowed = [f" or not user.{name}" for name in names if _ALLOWED.match(name)]
    return "".join([*allowed, *(f" or user.{name}" for name in names if _FORBIDDEN.match(name))])


def _verification(app: Surroundings, users: Registering) -> tuple[str, dict[str, Symbol]] | Refusal:
    """Return the call that compares, with the arguments in the order that the app's own function has."""
    stored = "stored or nobodys_hash()"
    if users.hash not in users.symbols:
        return f"verify_password(password, {stored})", {}
    found = accounts.verifying(app.known)
    if found is None:
        return Refusal(
            reason=f"{users.hash} hashes passwords, and no function compares one with a hash",
            hint="write one, such as verify_password(password, stored), then ask again",
        )
    node = app.known.names.function(found)
    first = node.args.args[0].arg if node is not None else ""
    is_reversed = any(word in first for word in ("hash", "stored", "digest"))
    call = f"{found[1]}({stored}, password)" if is_reversed else f"{found[1]}(password, {stored})"
    return call, {found[1]: found}
