"""What stays public although its path lies below one that is protected: logging in, and questions about health."""

from __future__ import annotations

import re

from fastwright.project.model import Endpoint

_CREDENTIALS = re.compile(
    r"^(log_?in|log_?out|sign_?in|sign_?out|sign_?up|register|registration|tokens?|access_token|refresh(_token)?|authorize|callback|sso"
    r"|forgot(_password)?|password_recovery|recover(_password)?|reset(_password)?|request_verify(_token)?|verify(_email)?"
    r"|activate|activation|confirm(_email)?|magic_link|otp|passwordless)$"
)
# What is registered may be anything: `register_parcel` makes no account.
_CREDENTIAL_NAMES = re.compile(
    r"^(log_?in|log_?out|sign_?in|sign_?out|sign_?up|obtain_token|create_token|issue_token|get_token|refresh_token)(_|$)"
    r"|^register($|_(an?_|the_|new_)?(user|account|member|person|customer|client|employee|me|with|by|via|endpoint)s?(_|$))"
    r"|_(log_?in|sign_?in|sign_?up)$|^(forgot|reset|recover)_password|login_for_access_token"
)
_HEALTH = re.compile(
    r"^(health|healthz|health_?checks?|livez?|liveness|readyz?|readiness|alive|ping|heartbeat|metrics|favicon\.ico"
    r"|robots\.txt)$"
)
_LOGIN_FORM = frozenset({"OAuth2PasswordRequestForm", "OAuth2PasswordRequestFormStrict"})


def stays_public(endpoint: Endpoint) -> bool:
    """Tell what a wide path does not mean."""
    return issues_credentials(endpoint) or tells_health(endpoint)


def issues_credentials(endpoint: Endpoint) -> bool:
    """Tell where a caller who has no credentials yet gets some: it refuses nobody, and writes or redirects."""
    if endpoint.auth.required or endpoint.kind == "websocket":
        return False
    if _LOGIN_FORM.intersection(endpoint.dependencies):
        return True
    if endpoint.method not in ("POST", "GET"):
        return False
    last = _last_step(endpoint.path)
    return bool(_CREDENTIALS.match(last) or _CREDENTIAL_NAMES.search(endpoint.name))


def tells_health(endpoint: Endpoint) -> bool:
    return endpoint.method in ("GET", "HEAD") and bool(_HEALTH.match(_last_step(endpoint.path)))


def _last_step(path: str) -> str:
    steps = [step for step in path.lower().split("/") if step and not step.startswith("{")]
    return steps[-1].replace("-", "_") if steps else ""
