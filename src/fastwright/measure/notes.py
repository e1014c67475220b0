"""What makes an endpoint slow though its statements do not grow: indexes, bounds, columns, repetition, blocking."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from fastwright.measure.measured import Execution, Measurement, Request, Size
from fastwright.measure.model import (
    NEW_CLIENT,
    Blocking,
    Cause,
    MissingIndex,
    RepeatedStatement,
    Site,
    UnboundedList,
    WholeRows,
)
from fastwright.project.model import Model

_LIMIT = re.compile(r"\b(LIMIT|FETCH FIRST|ROW_NUMBER)\b", re.IGNORECASE)
_CLIENT = re.compile(r"\b(httpx2?\.Client|AsyncClient|ClientSession|create_default_context)\(")
_SLEEPING = re.compile(r"\bsleep\(")
_MANY_COLUMNS = 8
_FEW = 3
_BLOCKED_SECONDS = 0.02


def find_notes(measurement: Measurement, number: int, models: Sequence[Model], root: Path) -> tuple[Cause, ...]:
    """Return what was seen at an endpoint, beyond growth."""
    requests = measurement.requests(number)
    if not requests:
        return ()
    # Where time was up before the most rows were asked for, it is those of a smaller size.
    request, size = requests[max(requests)], measurement.sizes[max(requests)]
    found = [*_blocking(request, size, root)]
    if not measurement.undriven(number):
        found += [*_unindexed(request, size, models), *_repeated(request, size)]
        found += [*_unbounded(measurement, number), *_whole_rows(request, size, models)]
    return tuple(found)


def _blocking(request: Request, size: Size, root: Path) -> Iterator[Blocking]:
    for one in request.waiting:
        stack = size.stacks[one.stack]
        seconds = sum(statement.seconds for statement in request.statements) if "session" in one.what else 0.0
        if stack:
            yield Blocking(site=stack[0], what=one.what, seconds=seconds)
    for file, line, part, seconds in request.spent.blocking if request.spent else ():
        if seconds >= _BLOCKED_SECONDS:
            yield Blocking(site=Site(file=file, line=line), what=_named(part, _line(root, file, line)), seconds=seconds)


def _named(part: str, code: str) -> str:
    """Return what a line that keeps the event loop waiting does."""
    if _CLIENT.search(code):
        return NEW_CLIENT
    if part == "hashing":
        return "a password hash"
    return "time.sleep" if _SLEEPING.search(code) and "await" not in code else "its own computation"


def _unindexed(request: Request, size: Size, models: Sequence[Model]) -> Iterator[MissingIndex]:
    by_sql = {statement.sql: statement for statement in request.statements}
    for one in size.indexes:
        statement = by_sql.get(one.sql) or next(
            (by_sql[sql] for sql in by_sql if _searches(sql, one.table, one.column)), None
        )
        if statement is None:
            continue
        model = next((model for model in models if model.table == one.table), None)
        attribute = next((column.name for column in model.columns if column.column == one.column), "") if model else ""
        yield MissingIndex(
            site=_first(size.stacks[statement.stack]),
            table=one.table,
            columns=(one.column,),
            model=model.name if model else "",
            attributes=(attribute,) if attribute else (),
            statement=statement.sql,
            plan_before=one.before,
            plan_after=one.after,
        )


def _searches(sql: str, table: str, column: str) -> bool:
    name = rf"{re.escape(table)}(?:_\d+)?\.{re.escape(column)}"
    return bool(re.search(rf"WHERE[\s\S]*(?:{name}\s*(?:=|IN)|=\s*{name})", sql))


def _repeated(request: Request, size: Size) -> Iterator[RepeatedStatement]:
    same = Counter(
        (one.sql, one.values, one.stack) for one in request.statements if one.sql.lstrip()[:6].upper() == "SELECT"
    )
    whole = Counter((one.sql, one.values) for one in request.statements)
    told: set[str] = set()
    for sql, values, stack in same:
        if whole[sql, values] > 1 and sql not in told:
            told.add(sql)
            sites = size.stacks[stack]
            yield RepeatedStatement(site=_first(sites), callers=sites[1:], statement=sql, count=whole[sql, values])


def _unbounded(measurement: Measurement, number: int) -> Iterator[UnboundedList]:
    endpoint, requests = measurement.endpoints[number], measurement.requests(number)
    small, large = requests[min(requests)], requests[max(requests)]
    if endpoint.bounded or endpoint.handler is None or not small.entries or not large.entries:
        return
    if large.entries * min(requests) < small.entries * max(requests) * 0.8:
        return
    for execution, sql in _selects(large):
        stack = measurement.sizes[max(requests)].stacks[execution.stack]
        if large.entries in execution.loaded.values() and not _LIMIT.search(sql) and stack:
            yield UnboundedList(
                site=stack[0],
                callers=stack[1:],
                handler=endpoint.handler,
                model=next(_model(name) for name, count in execution.loaded.items() if count == large.entries),
                statement=sql,
                entries={size: request.entries or 0 for size, request in requests.items()},
            )
            return


def _whole_rows(request: Request, size: Size, models: Sequence[Model]) -> Iterator[WholeRows]:
    keys = {_bare(key) for key in request.keys}
    for execution, sql in _selects(request):
        stack = size.stacks[execution.stack]
        for name, count in execution.loaded.items():
            model = next((one for one in models if one.name == _model(name)), None)
            if model is None or count < 2 or not stack or len(model.columns) < _MANY_COLUMNS:
                continue
            used = tuple(column.name for column in model.columns if _bare(column.name) in keys)
            if 0 < len(used) * _FEW <= len(model.columns):
                loaded = tuple(column.name for column in model.columns)
                yield WholeRows(
                    site=stack[0], callers=stack[1:], model=model.name, loaded=loaded, used=used, statement=sql
                )


def _selects(request: Request) -> Iterator[tuple[Execution, str]]:
    """Yield what the ORM was asked for by the app itself, with its SQL."""
    told: set[int] = set()
    for statement in request.statements:
        if statement.execution is not None and statement.execution not in told:
            told.add(statement.execution)
            execution = request.executions[statement.execution]
            if execution.kind == "select":
                yield execution, statement.sql


def _model(name: str) -> str:
    return name.rpartition(":")[2]


def _bare(name: str) -> str:
    return name.replace("_", "").lower()


def _line(root: Path, file: str, line: int) -> str:
    try:
        return (root / file).read_text(encoding="utf-8").splitlines()[line - 1]
    except (OSError, IndexError, UnicodeDecodeError):
        return ""


def _first(stack: tuple[Site, ...]) -> Site | None:
    return stack[0] if stack else None
