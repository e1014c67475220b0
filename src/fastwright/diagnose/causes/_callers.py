"""What an endpoint wants to know of its caller, and what of that was sent."""

from __future__ import annotations

import base64
import json
import re
import time
from dataclasses import dataclass
from typing import cast

from fastwright.diagnose import values
from fastwright.diagnose.answers import Guard, Loc, Raised
from fastwright.diagnose.naming import place_in
from fastwright.diagnose.scene import Scene

_HIDDEN = "…"
_UNKNOWN = "credentials"


@dataclass(frozen=True)
class Wanted:
    """The credentials that a guard wants. `given` says that something of that kind was sent."""

    loc: Loc
    expected: str
    placeholder: str
    guard: str
    given: bool = False
    is_wrong_kind: bool = False
    is_uncertain: bool = False
    shown_given: str | None = None
    reason: str = ""
    file: str | None = None
    line: int | None = None
    code: str = ""

    @property
    def place(self) -> str:
        return f" ({self.file}:{self.line})" if self.file else ""


_RIGHTS = re.compile(r"permission|role|admin|scope|privilege|owner|allowed|forbidden", re.IGNORECASE)
_CREDENTIALS = re.compile(r"invalid|wrong|incorrect|bad|expired|credential|key|token|authenticat", re.IGNORECASE)


def is_about_rights(scene: Scene) -> bool:
    """Tell whether a 403 says that a known caller may not do something, and not that the credentials are wrong."""
    culprit = scene.culprit()
    text = f"{culprit[0].detail or culprit[0].message}" if culprit else scene.answer.text
    return bool(_RIGHTS.search(text)) or not _CREDENTIALS.search(text)


def wanted(scene: Scene) -> Wanted | None:
    """Return what the guard that refused wants, or nothing if no guard is known."""
    culprit = scene.culprit()
    raised, frame = culprit or (None, None)
    if raised is None and scene.answer.reached_routes:
        return None
    guard = _guard(scene, raised)
    loc, expected, placeholder = _credentials(scene, guard, raised)
    is_login = guard is None and expected == _UNKNOWN and frame is not None and scene.route is not None
    if is_login and frame and scene.route and frame.name == scene.route.name:
        loc, expected, placeholder = ("body",), "the name and password of somebody who exists", ""
    given = scene.value(loc)
    text = "" if isinstance(given, values.Missing) else "…" if loc == ("body",) else values.text(given)
    is_wrong = bool(text) and _is_wrong_kind(text, placeholder)
    name = (
        frame.name
        if frame
        else guard.name
        if guard and guard.name
        else "a middleware"
        if raised is None
        else "the guard"
    )
    return Wanted(
        loc=loc,
        expected=expected,
        placeholder=placeholder,
        guard=name,
        given=bool(text),
        is_wrong_kind=is_wrong,
        is_uncertain=_is_uncertain(scene, raised, text),
        shown_given=_hidden(text) if text else None,
        reason=_reason(raised, text, is_wrong=is_wrong),
        file=frame.file if frame else guard.file if guard else None,
        line=frame.line if frame else guard.line if guard else None,
        code=frame.code if frame else "",
    )


def _guard(scene: Scene, raised: Raised | None) -> Guard | None:
    """Return the guard in whose function the refusal was raised, or the first one that has a scheme."""
    guards = scene.operation.guards
    if raised is not None and raised.frames:
        names = {frame.name for frame in raised.frames}
        found = next((guard for guard in guards if guard.name in names), None)
        if found is not None:
            return found
    return next((guard for guard in guards if guard.scheme), guards[0] if guards else None)


def _credentials(scene: Scene, guard: Guard | None, raised: Raised | None) -> tuple[Loc, str, str]:
    """Return where the credentials belong, in words what they are, and a placeholder."""
    kind, name, part = (guard.scheme or "", guard.parameter, guard.part) if guard else ("", "", "")
    if kind == "HTTPBasic":
        return (
            ("header", "authorization"),
            "the header Authorization: Basic <user:password in base64>",
            "Basic dXNlcjpwYXNzd29yZA==",
        )
    if kind.startswith("APIKey"):
        where = {"APIKeyQuery": "query", "APIKeyCookie": "cookie"}.get(kind, "header")
        return (
            (where, _name(where, name)),
            f"the {'parameter' if where == 'query' else where} {name} with the key",
            "<key>",
        )
    if kind:
        return ("header", "authorization"), "the header Authorization: Bearer <token>", "Bearer <token>"
    if name:
        where = part or "header"
        value = "Bearer <token>" if name.lower() == "authorization" else "<key>"
        return (where, _name(where, name)), f"the {where} {name}", value
    return _read_by_code(scene, raised) or _named_in_text(scene, raised)


def _read_by_code(scene: Scene, raised: Raised | None) -> tuple[Loc, str, str] | None:
    """Return what the condition read by itself: `request.headers.get("x-key")`."""
    for fact in raised.facts if raised else ():
        for subject in (fact.subject, fact.left, fact.right):
            loc = place_in(scene, None, subject) if subject else None
            if loc is not None and loc[0] in ("header", "cookie", "query"):
                scheme = str(fact.arguments[0]) if fact.function == "startswith" and fact.arguments else ""
                return loc, f"the {loc[0]} {str(loc[1]).title()}{f': {scheme}…' if scheme else ''}", f"{scheme}<key>"
    return None


def _named_in_text(scene: Scene, raised: Raised | None) -> tuple[Loc, str, str]:
    text = f"{raised.detail if raised else ''} {raised.message if raised else ''} {scene.answer.text}"
    named = re.search(r"\b(X-[\w-]+)", text)
    if named:
        return ("header", named[1].lower()), f"the header {named[1]}", "<key>"
    return ("header", "authorization"), _UNKNOWN, "Bearer <token>"


def _name(part: str, name: str) -> str:
    """Return a name as locations have it: headers in small letters."""
    return name.lower() if part == "header" else name


def _is_wrong_kind(text: str, placeholder: str) -> bool:
    """Tell whether the header is of another scheme: `Token abc` for `Bearer abc`, or nothing but the token."""
    scheme = placeholder.partition(" ")[0]
    return scheme in ("Bearer", "Basic") and not text.lower().startswith(f"{scheme.lower()} ")


def _is_uncertain(scene: Scene, raised: Raised | None, text: str) -> bool:
    """Tell whether credentials may well hold where there is a real database."""
    if not scene.answer.statements or raised is None or raised.cause or _expired(text):
        return False
    return bool(text)


def _reason(raised: Raised | None, text: str, *, is_wrong: bool) -> str:
    if is_wrong:
        return "they are of another scheme"
    if text and _expired(text):
        return "the token has expired"
    if text and raised is not None and raised.cause:
        return raised.cause[:120]
    return str(raised.detail)[:120] if text and raised is not None and raised.detail else ""


def _expired(text: str) -> bool:
    """Tell whether a text has a JWT whose time is over."""
    match = re.search(r"[\w-]+\.([\w-]+)\.[\w-]*$", text)
    if not match:
        return False
    try:
        claims = json.loads(base64.urlsafe_b64decode(match[1] + "=" * (-len(match[1]) % 4)))
    except ValueError:
        return False
    known = cast("dict[str, object]", claims) if isinstance(claims, dict) else {}
    end = known.get("exp")
    return isinstance(end, int | float) and end < time.time()


def _hidden(text: str) -> str:
    """Return credentials so that they can be told apart, and not used."""
    scheme, space, _rest = text.partition(" ")
    return f"{scheme} {_HIDDEN}" if space else _HIDDEN
