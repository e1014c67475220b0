"""Who may call what, before a change and after it. An endpoint that became public is what matters most."""

from __future__ import annotations

from typing import Literal

from fastwright.project.model import Auth, Endpoint, Frozen
from fastwright.project.read import Reading
from fastwright.proof.contract import is_announced, served

Severity = Literal["public", "weaker", "warning", "note", "same"]
# What fails a proof: a refusal worked before, and does not now.
HARMFUL = frozenset({"public", "weaker"})


class Callers(Frozen):
    """Who may call an endpoint; `proven` says that a request without credentials was sent, and showed it."""

    who: Literal["anybody", "authenticated", "roles"]
    roles: tuple[str, ...]
    guards: tuple[str, ...]
    proven: bool
    status: int | None


class Access(Frozen):
    """Who may call one endpoint, in both trees. Where there is no `before` it is new, where no `after`, removed."""

    method: str
    path: str
    file: str | None
    line: int | None
    before: Callers | None
    after: Callers | None
    rule: str
    severity: Severity
    message: str
    announced: bool = False

    @property
    def shown(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def harmful(self) -> bool:
        return self.severity in HARMFUL and not self.announced


Verdict = tuple[str, Severity, str]
_SAME: Verdict = ("same", "same", "")


def compare_access(before: Reading, after: Reading, announced: tuple[str, ...] = ()) -> tuple[Access, ...]:
    """Return who may call each endpoint of the two trees, the worst difference first."""
    old, new = served(before), served(after)
    order = ("public", "weaker", "warning", "note", "same")
    rows = [_row(old.get(name), new.get(name), announced) for name in {**new, **old}]
    return tuple(sorted(rows, key=lambda row: order.index(row.severity)))


def _row(known: Endpoint | None, now: Endpoint | None, announced: tuple[str, ...]) -> Access:
    endpoint = now or known
    assert endpoint is not None  # noqa: S101 - the name is from one of the two
    if known is None:
        rule, severity, message = _added(endpoint.auth)
    elif now is None:
        rule, severity, message = "removed", "same", ""
    else:
        rule, severity, message = verdict_of(known.auth, now.auth)
    return Access(
        method=endpoint.method,
        path=endpoint.path,
        file=endpoint.file,
        line=endpoint.line,
        before=_callers(known.auth) if known else None,
        after=_callers(now.auth) if now else None,
        rule=rule,
        severity=severity,
        message=message,
        announced=is_announced(rule, f"{endpoint.method} {endpoint.path}", announced),
    )


def _callers(auth: Auth) -> Callers:
    return Callers(
        who="roles" if auth.required and auth.roles else "authenticated" if auth.required else "anybody",
        roles=auth.roles,
        guards=tuple(guard.shown for guard in auth.guards),
        proven=auth.proven,
        status=auth.status,
    )


def _added(auth: Auth) -> Verdict:
    if not auth.required:
        return "added-public", "warning", "is new, and anybody may call it"
    return "added", "note", "is new, and needs credentials"


def verdict_of(old: Auth, new: Auth) -> Verdict:
    """Return what happened to who may call an endpoint: the rule, how bad that is, and a sentence."""
    if not new.required:
        return _public(old, new)
    if not old.required:
        return "protected", "note", "anybody could call it, and credentials are needed now"
    if old.proven and not new.proven:
        seen = f"it got {new.status}" if new.status else "it was not answered"
        return "refusal-not-seen", "weaker", f"a request without credentials was refused; now {seen}"
    return _roles(old, new) or _guards(old, new)


def _public(old: Auth, new: Auth) -> Verdict:
    if not old.required:
        return _SAME
    if new.proven:
        seen = f"a request without credentials got {old.status}, and gets {new.status} now"
        return "endpoint-public", "public", f"anybody may call it now: {seen}"
    got = f"a request without credentials gets {new.status}" if new.status else "it was not seen"
    return "endpoint-public", "public", f"nothing in its code refuses anybody now; {got}"


def _roles(old: Auth, new: Auth) -> Verdict | None:
    """Compare the roles; whether all of them are needed or one of them is not known, so any that is lost counts."""
    gone, come = set(old.roles) - set(new.roles), set(new.roles) - set(old.roles)
    if not gone and not come:
        return None
    told = f"was {_listed(old.roles)}, is {_listed(new.roles)}"
    if gone or (old.roles and come):
        return "roles-changed", "weaker", f"who may call it: {told}"
    return "role-required", "warning", f"who may call it: {told}"


def _guards(old: Auth, new: Auth) -> Verdict:
    known, now = ({guard.shown for guard in auth.guards if guard.refuses} for auth in (old, new))
    gone, come = sorted(known - now), sorted(now - known)
    if gone and not come:
        return "guard-removed", "weaker", f"{', '.join(gone)} does not look at who calls any more"
    if gone:
        return "guard-changed", "warning", f"{', '.join(gone)} was replaced by {', '.join(come)}"
    return ("guard-added", "note", f"{', '.join(come)} looks at who calls, too") if come else _SAME


def _listed(roles: tuple[str, ...]) -> str:
    return " or ".join(roles) or "everybody with credentials"
