"""Metrics for Prometheus, in plain code: requests by route and status, and how long they took."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.changes import Change
from fastwright.proof.calls import Call
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import StepFailed
from fastwright.recipes._platform import asking, finding
from fastwright.recipes._platform.home import home
from fastwright.recipes._platform.promises import check_same
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish

_PATH = "/metrics"
_COUNTED = re.compile(r'^http_requests_total\{method="(\w+)",route="([^"]*)",status="(\d+)"\} (\d+)$', re.MULTILINE)
_SECRET = "in-the-query-only"  # noqa: S105 - it is nobody's, and must not be in the metrics
# From this version on, the routes of an app are a tree, and its leaves are read by a function of FastAPI.
_TREE = (0, 137, 2)


class Metrics(Wish):
    """There is nothing to choose."""


@dataclass(frozen=True)
class MetricsPromise:
    """Each of `calls` is counted by its route and status, at a path that was not there before."""

    calls: tuple[Call, ...]

    @property
    def announced(self) -> Announced:
        return Announced(adds=(f"GET {_PATH}",))

    def hold(self, trial: Regression) -> str:
        """Return what was counted. Raises `StepFailed` if that is not what was asked, or names what callers chose."""
        asked = [call.model_copy(update={"query": {"q": _SECRET}}) for call in self.calls]
        calls = [*asked, Call(method="GET", path=_PATH)]
        before, twin, after = (trial.converse(side, calls).answers for side in ("before", "before", "after"))
        if before[-1].status not in (404, 405):
            raise StepFailed(f"{_PATH} was answered with {before[-1].outcome} before the change, not 404")
        if after[-1].status != 200:
            raise StepFailed(f"{_PATH} is answered with {after[-1].status} {after[-1].error}")
        for call, old, again, new in zip(asked, before, twin, after, strict=False):
            check_same(call, old, again, new)
        text = after[-1].body
        if asking.NOWHERE in text or _SECRET in text:
            raise StepFailed("the metrics name a path or a query that the caller chose: there would be no end of names")
        counted = sorted((found[2], found[3]) for found in _COUNTED.finditer(text) for _ in range(int(found[4])))
        wanted = sorted(_wanted(asked, [str(answer.status) for answer in after]))
        if counted != wanted:
            raise StepFailed(f"asked were {wanted}, and counted were {counted}")
        return (
            f"{len(asked)} requests were counted by their routes and statuses, at {_PATH}, which was not there before"
        )


def _wanted(calls: list[Call], statuses: list[str]) -> Iterator[tuple[str, str]]:
    for call, status in zip(calls, statuses, strict=False):
        yield ("(none)" if call.path == asking.NOWHERE else call.path), status


def plan(known: Known, _wish: Metrics) -> Answer:
    """Return the plan."""
    there = [one for one in known.project.endpoints if one.path.rstrip("/").endswith(_PATH)]
    package = finding.imported(known, "prometheus_client", "prometheus_fastapi_instrumentator", "starlette_exporter")
    if there or package:
        shown = f"{there[0].method} {there[0].path}" if there else package
        return Already(reason=f"{shown}: the app has metrics")
    place = home(known)
    if isinstance(place, Refusal):
        return place
    path = place.place("metrics")
    if isinstance(path, Refusal):
        return path
    has_contexts = _version(known) >= _TREE
    return Plan(
        change=Change(
            summary=f"metrics of all requests at {_PATH}",
            operations=(
                place.module(path, "platform/metrics.py", has_contexts=has_contexts),
                place.call("install_metrics", path),
                *place.test("platform/test_metrics.py", "metrics"),
            ),
        ),
        promise=MetricsPromise(asking.own_samples(known)),
        decisions=(
            "The text format of Prometheus in plain code: no new package.",
            "Routes are named by their templates, and unknown paths are one, so that callers cannot make up names.",
            f"{_PATH} is not in the OpenAPI document, as it is not for the API's clients.",
        ),
        risks=(
            f"{_PATH} is open to whoever reaches the app: keep it from the public at the proxy.",
            "Each process counts for itself: with several workers behind one port, scrape them apart.",
        ),
        alternatives=("prometheus-client, where the app is to count things of its own, too.",),
    )


def _version(known: Known) -> tuple[int, ...]:
    text = known.project.app.versions.get("fastapi", "0")
    return tuple(int(part) for part in text.split(".")[:3] if part.isdigit())


RECIPE = Recipe(
    name="metrics",
    summary="counts and durations of requests, for Prometheus",
    wish=Metrics,
    plan=plan,
    about=(
        "A middleware of pure ASGI that counts requests by route, method and status with a histogram of durations, and "
        "GET /metrics. Proven: what is asked is counted, by templates and never by what callers choose; answers are "
        "what they were."
    ),
)
