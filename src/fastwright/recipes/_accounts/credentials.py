"""How a promise gets real credentials in an app: at its own registration, and its own sign-in."""

from __future__ import annotations

from fastwright.project.model import Endpoint
from fastwright.proof.calls import Call, filled
from fastwright.proof.signed_in import Credentials
from fastwright.recipes._accounts.samples import identity, sample_body
from fastwright.recipes._app import accounts
from fastwright.recipes._recipe import Known


def credentials(known: Known) -> Credentials | None:
    """Return the requests, or nothing where the app lets nobody make an account, or it cannot be told how."""
    registration, login = accounts.registration(known), accounts.sign_in(known)
    guarded = min(filter(_is_guarded, known.project.endpoints), key=_changes_something, default=None)
    body = sample_body(known, registration) if registration else None
    if registration is None or login is None or guarded is None or body is None:
        return None
    call = _login(known, login, body)
    if call is None:
        return None
    made = Call(method="POST", path=registration.path, json_body=body)
    shown = Call(method=guarded.method, path=filled(guarded.path))
    return Credentials(registration=made, login=call, guarded=shown)


def _login(known: Known, login: Endpoint, account: dict[str, object]) -> Call | None:
    name = account.get(identity(account))
    password = next((str(value) for key, value in account.items() if "password" in key or key in ("pw", "pwd")), None)
    if name is None or password is None:
        return None
    if login.request_model is None:
        return Call(method="POST", path=login.path, form={"username": str(name), "password": password})
    wanted = sample_body(known, login)
    if wanted is None:
        return None
    return Call(method="POST", path=login.path, json_body={key: account.get(key, wanted[key]) for key in wanted})


def _is_guarded(endpoint: Endpoint) -> bool:
    """Tell an endpoint that lets every caller in who is signed in, and does nothing when it is asked for nothing."""
    auth = endpoint.auth
    wants_more = endpoint.method == "GET" or endpoint.request_model is not None or "{" in endpoint.path
    is_closed = auth.required and auth.refused_by == "guard" and not auth.roles
    return is_closed and wants_more and endpoint.kind == "operation"


def _changes_something(endpoint: Endpoint) -> tuple[bool, bool]:
    return endpoint.method != "GET", "{" in endpoint.path
