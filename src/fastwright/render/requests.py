"""A request line by line, each with the problems that belong to it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from fastwright.diagnose.answers import Loc
from fastwright.diagnose.model import Problem, Sent

_INDENT = "  "


@dataclass(frozen=True)
class Line:
    """A line of a request, and what is wrong there."""

    text: str
    problems: tuple[Problem, ...] = ()
    loc: Loc = ()


def lines_of(request: Sent, problems: Sequence[Problem]) -> list[Line]:
    """Return the request line by line; each problem is at the innermost line that has it, or at the first."""
    lines = [*_head(request), *_body(request, problems)]
    of: dict[int, list[Problem]] = {}
    is_parsed = isinstance(request.body, dict | list) or request.form is not None
    for problem in problems:
        is_inside = problem.loc[:1] == ("body",) and len(problem.loc) > 1 and isinstance(problem.loc[1], str)
        if problem.loc[:1] != ("response",) and (is_parsed or not is_inside):
            of.setdefault(_best(lines, problem.loc), []).append(problem)
    return [Line(line.text, tuple(of.get(number, ())), line.loc) for number, line in enumerate(lines)]


def in_order(request: Sent, problems: Sequence[Problem]) -> list[Problem]:
    """Return the problems in the order in which they are met in the request; those of the server come last."""
    lines = [*_head(request), *_body(request, problems)]
    return sorted(problems, key=lambda one: (one.loc[:1] == ("response",), _best(lines, one.loc)))


def _best(lines: Sequence[Line], loc: Loc) -> int:
    """Return the number of the line whose location goes furthest along with that of a problem."""
    depths = [len(line.loc) if loc[: len(line.loc)] == line.loc else 0 for line in lines]
    return depths.index(max(depths))


def _head(request: Sent) -> Iterator[Line]:
    yield Line(f"{request.method} {request.path}")
    for name, value in request.query.items():
        items = value if isinstance(value, list) else [value]
        yield from (Line(f"?{name}={item}", loc=("query", name)) for item in items)
    for name, value in request.headers.items():
        yield Line(f"{name.title()}: {_hidden(name, value)}", loc=("header", name.lower()))
    for name in request.cookies:
        yield Line(f"Cookie: {name}=…", loc=("cookie", name))


def _hidden(name: str, value: str) -> str:
    """Return a header as it may be shown: credentials are nobody's business."""
    if name.lower() in ("authorization", "proxy-authorization") or "key" in name.lower() or "token" in name.lower():
        scheme, space, _rest = value.partition(" ")
        return f"{scheme} …" if space else "…"
    return value


def _body(request: Sent, problems: Sequence[Problem]) -> Iterator[Line]:
    yield from _absent(request, problems)
    if request.form is not None:
        for name, value in {**request.form, **(request.files or {})}.items():
            yield Line(f"{name}={_flat(value)}", loc=("body", name))
        missing = [one.loc for one in problems if one.loc[:1] == ("body",) and len(one.loc) == 2]
        known = {*request.form, *(request.files or {})}
        yield from (Line(f"{loc[1]}=  (missing)", loc=loc) for loc in missing if loc[1] not in known)
    elif isinstance(request.body, str) and request.headers.get("content-type", "").startswith("application/json"):
        yield from (Line(row, loc=("body",)) for row in request.body.splitlines()[:20])
    elif request.body is not None:
        yield from _json(request.body, ("body",), [one.loc for one in problems])


def _absent(request: Sent, problems: Sequence[Problem]) -> Iterator[Line]:
    """Yield a line for each parameter, or the body, that should be there and is not."""
    for problem in problems:
        part = problem.loc[0] if problem.loc else ""
        if part in ("query", "header", "cookie") and len(problem.loc) > 1 and problem.got is None:
            names = {"query": request.query, "header": request.headers, "cookie": request.cookies}[str(part)]
            if str(problem.loc[1]).lower() not in {name.lower() for name in names}:
                yield Line(f"{part} {problem.loc[1]}  (missing)", loc=problem.loc)
    if request.body is None and request.form is None and any(one.loc[:1] == ("body",) for one in problems):
        yield Line("(no body)", loc=("body",))


def _json(value: JsonValue, loc: Loc, marked: Sequence[Loc], *, depth: int = 0, comma: str = "") -> Iterator[Line]:
    indent = _INDENT * depth
    key = loc[-1] if len(loc) > 1 else 0
    head = f"{indent}{json.dumps(key, ensure_ascii=False)}: " if isinstance(key, str) else indent
    missing = [one for one in marked if one[:-1] == loc and isinstance(value, dict) and one[-1] not in value]
    if isinstance(value, dict) and (value or missing):
        yield Line(f"{head}{{", loc=loc)
        for number, (name, one) in enumerate(value.items()):
            yield from _json(one, (*loc, name), marked, depth=depth + 1, comma="," if number < len(value) - 1 else "")
        yield from (Line(f'{indent}{_INDENT}"{one[-1]}"  (missing)', loc=one) for one in dict.fromkeys(missing))
        yield Line(f"{indent}}}{comma}")
    elif isinstance(value, list) and _is_deep(value, loc, marked):
        yield Line(f"{head}[", loc=loc)
        for number, one in enumerate(value):
            yield from _json(one, (*loc, number), marked, depth=depth + 1, comma="," if number < len(value) - 1 else "")
        yield Line(f"{indent}]{comma}")
    else:
        yield Line(f"{head}{_flat(value)}{comma}", loc=loc)


def _is_deep(value: list[JsonValue], loc: Loc, marked: Sequence[Loc]) -> bool:
    has_objects = any(isinstance(one, dict | list) for one in value)
    return bool(value) and (has_objects or any(one[: len(loc)] == loc and len(one) > len(loc) for one in marked))


def _flat(value: JsonValue) -> str:
    if isinstance(value, dict) and "filename" in value:
        return f"@{value['filename']}"
    return json.dumps(value, ensure_ascii=False)


def broken(curl: str, width: int) -> str:
    """Return a command as it can be pasted: on several lines, one an option, where it is too long for one."""
    if len(curl) + 2 <= width:
        return f"  {curl}"
    words = shlex.split(curl)
    rows: list[str] = []
    row: list[str] = []
    for word in words:
        if word.startswith("-") and len(row) > 1:
            rows.append(" ".join(row))
            row = []
        row.append(shlex.quote(word))
    return "  " + " \\\n    ".join([*rows, " ".join(row)])
