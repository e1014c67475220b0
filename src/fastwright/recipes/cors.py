"""Cross-origin requests: which origins may call the app from a browser."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pydantic import Field, field_validator

from fastwright.changes import Change
from fastwright.changes.add_middleware import AddMiddleware
from fastwright.changes.wanted import Import
from fastwright.project.locate import keyword
from fastwright.project.model import Endpoint
from fastwright.project.source import called, last_name
from fastwright.proof.calls import Call
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.recipes._platform import asking, finding
from fastwright.recipes._platform.home import Home, home
from fastwright.recipes._platform.promises import check_same
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Several, Wish

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?|\*")
_LOCAL = ("http://localhost:3000", "http://localhost:5173")
_STRANGER = "https://stranger.example"
_ALLOWED = "access-control-allow-origin"


class Cors(Wish):
    """Which origins may call."""

    origins: Several = Field(
        default=(), title="ORIGIN", description="An origin that may call, such as https://shop.example; repeatable."
    )

    @field_validator("origins")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [one for one in value if not _ORIGIN.fullmatch(one)]
        if wrong:
            raise ValueError(f"{wrong[0]!r} is no origin: write it as https://shop.example, without a path")
        return value


@dataclass(frozen=True)
class CorsPromise:
    """A browser may call from `origin` with `method`, and from nowhere else; `calls` are otherwise answered as before.

    `is_open` says that every origin may.
    """

    origin: str
    method: str
    calls: tuple[Call, ...]
    is_open: bool = False
    announced: Announced = field(default_factory=Announced)

    def hold(self, trial: Regression) -> str:
        """Return what was seen. Raises `StepFailed` if an origin is let in that should not be, or the other way."""
        asked = [self._preflight(self.origin), self._preflight(_STRANGER)]
        asked += [_from(call, origin) for call in self.calls for origin in (self.origin, _STRANGER)]
        before, twin, after = (trial.converse(side, asked).answers for side in ("before", "before", "after"))
        if any(_ALLOWED in answer.headers for answer in before):
            raise StepFailed(f"{_ALLOWED} was sent before the change already")
        if after[0].status != 200 or self.method not in after[0].headers.get("access-control-allow-methods", ""):
            raise StepFailed(
                f"a browser at {self.origin} may not send {self.method}: {after[0].status} to its question"
            )
        for call, old, again, new in zip(asked[2:], before[2:], twin[2:], after[2:], strict=True):
            check_same(call, old, again, new)
        for call, new in zip(asked, after, strict=True):
            seen, origin = new.headers.get(_ALLOWED), call.headers["Origin"]
            if (seen in (origin, "*")) != (self.is_open or origin == self.origin):
                raise StepFailed(f"{call.shown} from {origin}: {_ALLOWED} is {seen or 'not there'}")
        others = "any other origin" if self.is_open else "no other origin"
        return f"{self.origin} and {others} may call; nobody could before; answers are as before"

    def _preflight(self, origin: str) -> Call:
        headers = {"Origin": origin, "Access-Control-Request-Method": self.method}
        return Call(method="OPTIONS", path=self.calls[0].path, headers=headers)


def _from(call: Call, origin: str) -> Call:
    return call.model_copy(update={"headers": {"Origin": origin}})


def plan(known: Known, wish: Cors) -> Answer:
    """Return the plan (OWASP ASVS 5.0.0: 3.4.2, origins from a fixed list)."""
    there = finding.attached(known, "cors")
    if there:
        return Already(reason=f"the app has {there}", notes=tuple(_calls(known)))
    if calls := tuple(_calls(known)):
        reason = "the app has CORSMiddleware, which is not active with the settings of this run"
        return Already(reason=reason, notes=calls)
    place = home(known)
    if isinstance(place, Refusal):
        return place
    origins = wish.origins or _LOCAL
    with_cookies = _has_cookies(known)
    if "*" in origins and with_cookies:
        return Refusal(
            reason="the app knows its callers by cookies, and with * every page on the web could call it in their name",
            hint="name the origins: --origins https://shop.example",
        )
    middleware = _middleware(known, place, origins, with_cookies=with_cookies)
    origin = next((one for one in origins if one != "*"), "https://shop.example")
    tests = place.test(
        "platform/test_header.py",
        "cors",
        sentence="the_origins_that_are_meant_may_call",
        path=asking.NOWHERE,
        headers=f'{{"Origin": "{origin}"}}',
        expected={"Access-Control-Allow-Origin": "*" if "*" in origins else origin},
    )
    methods = sorted({one.method for one in _operations(known)}, key=lambda method: method == "GET")
    return Plan(
        change=Change(
            summary=f"let browsers call from {', '.join(origins)}",
            operations=(middleware, *tests),
        ),
        promise=CorsPromise(origin, methods[0] if methods else "GET", asking.samples(known), "*" in origins),
        decisions=tuple(_decisions(wish, with_cookies=with_cookies)),
        risks=tuple(_risks(wish)),
        alternatives=("One origin for all, by a proxy in front of both: then nothing of this is needed.",),
    )


def _middleware(known: Known, place: Home, origins: tuple[str, ...], *, with_cookies: bool) -> AddMiddleware:
    options = {
        "allow_origins": _listed(origins),
        "allow_methods": _listed(sorted({one.method for one in _operations(known)})),
        "allow_headers": _listed(["Authorization", "Content-Type", *_headers(known)]),
        **({"allow_credentials": "True"} if with_cookies else {}),
    }
    return AddMiddleware(
        file=place.file,
        target=place.target,
        middleware="CORSMiddleware",
        options=options,
        imports=(Import(module="fastapi.middleware.cors", name="CORSMiddleware"),),
    )


def _decisions(wish: Cors, *, with_cookies: bool) -> Iterator[str]:
    if not wish.origins:
        yield "No origin was named, so these are the usual ones of a frontend on the developer's own machine."
    yield "The methods and headers are those that the app has, and not all that there are."
    yield (
        "Cookies are sent along, since the app knows its callers by them."
        if with_cookies
        else "No cookies are sent along: callers are known by what they send in a header, if at all."
    )


def _risks(wish: Cors) -> Iterator[str]:
    if not wish.origins:
        yield "The origin of the real frontend is not in the list: add it before it goes live."
    if "*" in wish.origins:
        yield "Every page on the web may read what strangers may read; that is meant for public data only."
    yield "The 500 of an error that nothing handles has no CORS headers: a browser shows it as a network error."


def _operations(known: Known) -> list[Endpoint]:
    return [one for one in known.project.endpoints if one.kind == "operation"]


def _listed(values: list[str] | tuple[str, ...]) -> str:
    return f"[{', '.join(f'{chr(34)}{value}{chr(34)}' for value in dict.fromkeys(values))}]"


def _calls(known: Known) -> Iterator[str]:
    for file in known.source.own:
        for node in file.nodes:
            if isinstance(node, ast.Call) and any(last_name(one) == "CORSMiddleware" for one in node.args):
                given = keyword(node, "allow_origins")
                origins = f" for {ast.unparse(given)}" if given is not None else ""
                yield f"{file.path}:{node.lineno} adds it{origins}."


def _has_cookies(known: Known) -> bool:
    """Tell whether callers are known by a cookie."""
    return any(
        called(node) in ("set_cookie", "APIKeyCookie") or last_name(node) == "SessionMiddleware"
        for file in known.source.own
        for node in file.nodes
        if isinstance(node, ast.Call | ast.Name)
    )


def _headers(known: Known) -> Iterator[str]:
    """Yield the headers in which the app is given a key."""
    for file in known.source.own:
        for node in file.nodes:
            if isinstance(node, ast.Call) and called(node) == "APIKeyHeader":
                name = keyword(node, "name")
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    yield name.value


RECIPE = Recipe(
    name="cors",
    summary="which origins may call the app from a browser",
    wish=Cors,
    plan=plan,
    about=(
        "Starlette's CORSMiddleware with a fixed list of origins and the methods that the app has. Without --origins, "
        "those of a frontend on the developer's own machine. Proven: these origins may call, others may not, and "
        "answers are what they were."
    ),
)
