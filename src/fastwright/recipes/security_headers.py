"""Security headers on every answer, by a middleware of pure ASGI."""

from __future__ import annotations

from fastwright.changes import Change
from fastwright.recipes._platform import asking, finding
from fastwright.recipes._platform.home import home
from fastwright.recipes._platform.promises import HeaderPromise
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_OF_PAGES = {"Content-Security-Policy": "frame-ancestors 'none'"}
_NAME = "SecurityHeadersMiddleware"
_DECISIONS = (
    "Pure ASGI, in one place: no endpoint changes, and streams are not buffered.",
    "A header that an endpoint sets by itself stays as it is.",
    "Pages, such as /docs, are kept out of frames, but not forbidden to load scripts: that would break them.",
)
_RISKS = (
    "Browsers that saw Strict-Transport-Security over HTTPS want HTTPS from this host for a year.",
    "The 500 of an error that nothing handles is made outside of all middleware, and has none of them.",
)
_ALTERNATIVES = ("Once every subdomain has HTTPS, add includeSubDomains to Strict-Transport-Security (ASVS 3.4.1).",)


class SecurityHeaders(Wish):
    """There is nothing to choose."""


def plan(known: Known, _wish: SecurityHeaders) -> Answer:
    """Return the plan (OWASP ASVS 5.0.0: 3.4.1, 3.4.3 to 3.4.6; OWASP REST Security Cheat Sheet, headers)."""
    found = {name: place for name in _HEADERS for place in finding.constants(known, name)}
    if found or finding.attached(known, "secure", "security", "helmet"):
        return _there(known, found)
    place = home(known)
    if isinstance(place, Refusal):
        return place
    path = place.place("security_headers", "middleware")
    if isinstance(path, Refusal):
        return path
    return Plan(
        change=Change(
            summary="add security headers to every answer",
            operations=(
                place.module(path, "platform/security_headers.py"),
                place.middleware(_NAME, path),
                *place.test(
                    "platform/test_header.py",
                    "security_headers",
                    sentence="every_answer_has_security_headers",
                    path=asking.NOWHERE,
                    headers="",
                    expected=_HEADERS,
                ),
            ),
        ),
        promise=HeaderPromise(asking.samples(known), _HEADERS, _OF_PAGES),
        decisions=_DECISIONS,
        risks=_RISKS,
        alternatives=_ALTERNATIVES,
    )


def _there(known: Known, found: dict[str, str]) -> Already | Refusal:
    middleware = finding.attached(known, "secure", "security", "helmet")
    missing = [name for name in _HEADERS if name not in found]
    if not missing or (middleware and not found):
        where = next(iter(found.values()), f"the middleware {middleware}")
        return Already(reason=f"{where} sets security headers", notes=("Which answers have them was not measured.",))
    shown = tuple(f"{name}: {place}" for name, place in found.items())
    return Refusal(
        reason=f"some are set already, and a second place would contradict the first; missing: {', '.join(missing)}",
        hint=f"add the missing ones at {next(iter(found.values()))}, then: fastwright prove",
        items=shown,
    )


RECIPE = Recipe(
    name="security-headers",
    summary="headers that tell browsers what not to do, on every answer",
    wish=SecurityHeaders,
    plan=plan,
    about=(
        "X-Content-Type-Options, X-Frame-Options, Referrer-Policy, Strict-Transport-Security and a "
        "Content-Security-Policy, by a middleware of pure ASGI. Proven: answers, refusals and wrong paths have all of "
        "them, had none before, and are otherwise the same."
    ),
)
