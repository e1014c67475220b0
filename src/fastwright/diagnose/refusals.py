"""Many refused requests at once: each different one is diagnosed, and those with the same cause are one group."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from fastwright.diagnose.conversation import Conversation
from fastwright.diagnose.hiding import Secrets
from fastwright.diagnose.investigation import investigate, match
from fastwright.diagnose.logs import Entry, distinct, read_log
from fastwright.diagnose.model import Group, Problem, Refusals
from fastwright.diagnose.observed import Complaint, listed
from fastwright.diagnose.sent import sent

_MOST = 60


@dataclass
class _Counted:
    """A group while it grows."""

    count: int = 0
    statuses: set[int] = field(default_factory=set[int])
    entry: Entry | None = None
    problem: Problem | None = None


def group_refusals(talk: Conversation, file: Path) -> Refusals:
    """Return the refused requests of a log by endpoint and cause. Raises `InputError` if the log cannot be read."""
    entries = read_log(file)
    groups: dict[tuple[str, str, str], _Counted] = {}
    each = distinct(entries)
    for number, (entry, count) in enumerate(each):
        shown = _endpoint(talk, entry)
        problems = _problems(talk, entry) if number < _MOST else []
        for problem in problems or [None]:
            key = (shown, problem.cause if problem else "not-seen", _place(problem))
            group = groups.setdefault(key, _Counted(entry=entry, problem=problem))
            group.count += count
            group.statuses.add(entry.status)
    ordered = sorted(groups.items(), key=lambda item: -item[1].count)
    return Refusals(
        requests=len(entries),
        groups=tuple(_group(key, counted) for key, counted in ordered),
        notes=(f"only the {_MOST} most frequent requests were sent to the app",) if len(each) > _MOST else (),
    )


def _endpoint(talk: Conversation, entry: Entry) -> str:
    route = match(talk.routes, entry.request)
    return route.shown if route else f"{entry.request.method} {entry.request.path}"


def _problems(talk: Conversation, entry: Entry) -> list[Problem]:
    """Return what is wrong with a request: what the log says of its answer, if it has no body to be sent again."""
    told = [_told(one) for one in listed(entry.answer)]
    if told and not entry.has_body:
        return told
    trail = investigate(talk, entry.request)
    if trail.answers[0].accepted:
        return []
    return Secrets(entry.request, tuple(trail.secrets)).clean_problems(trail.problems)


def _told(one: Complaint) -> Problem:
    got = one.input if isinstance(one.input, str | int | float | bool | None | list | dict) else None
    return Problem(
        loc=one.loc, got=got, expected="", why=one.message, fix="", cause=one.type.replace("_", "-") or "other"
    )


def _place(problem: Problem | None) -> str:
    return ".".join("*" if isinstance(key, int) else key for key in problem.loc) if problem else ""


def _group(key: tuple[str, str, str], counted: _Counted) -> Group:
    endpoint, cause, loc = key
    problem = counted.problem
    return Group(
        endpoint=endpoint,
        cause=cause,
        loc=loc,
        count=counted.count,
        statuses=tuple(sorted(counted.statuses)),
        side=problem.side if problem else "request",
        why=problem.why
        if problem
        else "the app as it is here does not refuse it: the log may leave out its body or caller",
        fix=problem.fix if problem else "",
        file=problem.file if problem else None,
        line=problem.line if problem else None,
        example=sent(Secrets(counted.entry.request).shown(counted.entry.request)) if counted.entry else None,
    )
