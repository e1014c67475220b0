"""Signing in: short access tokens (JWT), refresh tokens that work once, logout, and the guard that reads them."""

from __future__ import annotations

from fastwright.changes import Change, Operation
from fastwright.changes.add_setting_field import AddSettingField
from fastwright.changes.wanted import Import
from fastwright.recipes._accounts.registering import registration_tests
from fastwright.recipes._accounts.samples import ADDRESS, PASSWORD, identity
from fastwright.recipes._accounts.sign_in_promise import SignInPromise
from fastwright.recipes._accounts.signing_in import SigningIn, signing_in
from fastwright.recipes._app import accounts
from fastwright.recipes._app.models import with_all_models
from fastwright.recipes._app.surroundings import surroundings
from fastwright.recipes._code.writing import included, linked, makes_tables, migration, registered_models
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish


class Auth(Wish):
    """There is nothing to choose."""


def plan(known: Known, _wish: Auth) -> Answer:
    """Return the plan, or where it is already."""
    there = accounts.sign_in(known)
    if there is not None:
        return Already(reason=f"POST {there.path} signs people in ({there.where})")
    app = surroundings(with_all_models(known))
    if isinstance(app, Refusal):
        return app
    new = signing_in(app)
    if isinstance(new, Refusal):
        return new
    migrated = migration(app, "add logins" if not new.is_registering else "add accounts and logins", new.tables)
    if isinstance(migrated, Refusal):
        return migrated
    return Plan(
        change=Change(summary="add auth", operations=(*_operations(new), *migrated)),
        promise=_promise(new),
        decisions=tuple(_decisions(new)),
        risks=tuple(_risks(new)),
        alternatives=(
            "Sign in with an account elsewhere (OpenID Connect): that takes a provider, and is done by hand.",
        ),
    )


def _operations(new: SigningIn) -> list[Operation]:
    app = new.app
    operations: list[Operation] = [
        AddSettingField(
            file=file,
            class_name=owner,
            field=name,
            type=kind,
            default=default,
            imports=(Import(module="pydantic", name="SecretStr"),) if "SecretStr" in kind else (),
        )
        for file, owner, name, kind, default in new.key.missing
    ]
    operations += linked(app, list(new.parts()), new.symbols)
    if new.is_new:
        operations.append(included(app, new.router.file))
    if new.is_registering and new.accounts.table is not None:
        operations += registered_models(app, new.accounts.places["models"].file, new.accounts.model)
    operations += registered_models(app, new.places["models"].file, new.table.model)
    if new.is_registering:
        operations += registration_tests(new.accounts)
    values = {
        "body": repr(new.sample),
        "base": new.base,
        "register": new.register,
        "credentials": repr(_credentials(new)),
    }
    return [*operations, *app.test("accounts/test_sign_in.py", "sign_in", **values)]


def _credentials(new: SigningIn) -> dict[str, str]:
    return {"username": str(new.sample.get(identity(new.sample), ADDRESS)), "password": PASSWORD}


def _promise(new: SigningIn) -> SignInPromise:
    ends = ("POST {}/token", "POST {}/refresh", "POST {}/logout", "GET {}/me")
    adds = [end.format(new.base) for end in ends]
    if new.is_registering:
        adds.insert(0, f"POST {new.register}")
    return SignInPromise(
        register=new.register,
        sample=new.sample,
        credentials=_credentials(new),
        base=new.base,
        logins=new.table.name,
        lifetime=f"{new.app.layout.module(new.places['security'].file)}:ACCESS_TOKEN_SECONDS",
        secret=new.key.variable,
        environment=new.key.environment_variable,
        adds=tuple(adds),
    )


def _decisions(new: SigningIn) -> list[str]:
    told = [
        f"POST {new.base}/token takes address and password as a form (RFC 6749 4.3), so /docs can sign in.",
        "Access tokens are JWTs of ten minutes, signed with HS256; no other algorithm is accepted (RFC 8725 3.1).",
        "A refresh token works once. One that comes back ends its login, for owner and thief alike (RFC 9700 4.14.2).",
        f"get_current_user is the guard; {new.base}/me has it, and no other endpoint yet: fastwright protect PATH",
    ]
    if new.is_registering:
        told.append(f"There was no way to get an account, so POST {new.register} comes with it.")
    if "jwt" not in new.app.installed:
        told.append("PyJWT is not installed here: HS256 is written out with hmac from the standard library.")
    return told


def _risks(new: SigningIn) -> list[str]:
    production = f"{new.key.environment_variable}=production"
    risks = [
        f"Where it runs for others, set {new.key.variable} to 32 random bytes or more, and {production}.",
        f"Nothing limits how often passwords are tried: fastwright add rate-limit {new.base}/token --limit 5/minute",
    ]
    known = new.app.known.project
    if any(endpoint.auth.guards for endpoint in known.endpoints):
        risks.append("The app has another guard, which knows nothing of these accounts; both go on side by side.")
    if new.is_registering:
        risks.append(f"Anybody can register; to stop that, guard {new.register}.")
    if known.conventions.alembic is None and not makes_tables(new.app.known):
        risks.append("There is no Alembic: the new tables have to be made where the database exists already.")
    return risks


RECIPE = Recipe(
    name="auth",
    summary="sign-in with JWT access tokens, rotating refresh tokens and logout",
    wish=Auth,
    plan=plan,
    about=(
        "Four endpoints, a table of logins and a guard; registration and a table of accounts come with them where "
        "there are none. Access tokens are good for ten minutes; a refresh token works once, and one that comes "
        "back ends its login. No endpoint has the guard yet: `fastwright protect` puts it there. Proven with real "
        "tokens: tampered with, unsigned, signed by others, expired, used and logged out, none opens anything; nor "
        "does the app start with a short secret."
    ),
)
