"""Why the statements of an endpoint grow: what is executed more often where there are more rows, and from where."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.measure.loops import Loops
from fastwright.measure.measured import Execution, Measurement, Request, Size, Statement
from fastwright.measure.model import (
    Cause,
    CountPerRow,
    DeferredLoad,
    ExpiredReload,
    LazyLoad,
    QueryInLoop,
    Relation,
    Site,
)

_AGGREGATE = re.compile(r"^\s*SELECT\s+(?:DISTINCT\s+)?(?:count|sum|min|max|avg|coalesce|EXISTS)\s*\(", re.IGNORECASE)
_TABLES = re.compile(r"\b(?:FROM|JOIN)\s+\"?([\w.]+)\"?", re.IGNORECASE)
_GREENLET = ("MissingGreenlet", "greenlet_spawn", "get_attribute_error")
_DETACHED = re.compile(r"Parent instance <(\w+) .*attribute '(\w+)'", re.DOTALL)

# What tells executions apart: of lazy loads the rows and relations, else the statement and where it is executed.
Key = tuple[object, ...]


@dataclass(frozen=True)
class _Seen:
    """One request with the stacks of its size."""

    request: Request
    size: Size

    def stack(self, number: int) -> tuple[Site, ...]:
        return self.size.stacks[number]

    def execution(self, statement: Statement) -> Execution | None:
        return self.request.executions[statement.execution] if statement.execution is not None else None

    def root(self, execution: Execution) -> tuple[Site, ...]:
        """Return the stack of the statement that made the first rows."""
        return self.stack(self.request.executions[execution.root].stack)

    def key(self, statement: Statement) -> Key:
        execution = self.execution(statement)
        if execution is not None and execution.kind == "lazy":
            return ("lazy", self.root(execution), execution.chain)
        kind = execution.kind if execution is not None else "core"
        return (kind, self.stack(statement.stack), statement.sql)


def find_causes(measurement: Measurement, number: int, loops: Loops) -> tuple[Cause, ...]:
    """Return why an endpoint takes more statements for more rows, or fails for them; the worst first."""
    requests = measurement.requests(number)
    seen = {size: _Seen(request, measurement.sizes[size]) for size, request in requests.items()}
    if not seen:
        return ()
    if failing := _failing(seen[max(seen)]):
        return (failing,)
    counted = {size: Counter(one.key(statement) for statement in one.request.statements) for size, one in seen.items()}
    small, large = min(counted), max(counted)
    if small == large:
        return ()
    growing = [key for key, times in counted[large].most_common() if times > counted[small][key] + large // 500]
    examples = {seen[large].key(statement): statement for statement in seen[large].request.statements}
    causes = [
        _cause(seen[large], examples[key], {size: counted[size][key] for size in sorted(counted)}, loops)
        for key in growing
    ]
    return tuple(cause for cause in causes if cause is not None)


def _cause(seen: _Seen, statement: Statement, times: dict[int, int], loops: Loops) -> Cause | None:
    execution = seen.execution(statement)
    stack = seen.stack(statement.stack)
    if execution is not None and execution.kind == "lazy":
        return _lazy(seen, execution, statement, times)
    if execution is not None and execution.kind == "columns":
        return ExpiredReload(
            site=_first(seen.stack(seen.request.commits[-1])) if seen.request.commits else None,
            model=execution.model,
            touched=_first(stack),
            statement=statement.sql,
            times=times,
        )
    if execution is not None and execution.kind == "deferred":
        return _deferred(seen, execution, statement, times)
    if not stack or times[max(times)] < 2:
        return None
    kind = CountPerRow if _AGGREGATE.match(statement.sql) else QueryInLoop
    return kind(
        site=stack[0],
        callers=stack[1:],
        loop=loops.around(stack),
        statement=statement.sql,
        tables=tuple(dict.fromkeys(_TABLES.findall(statement.sql))),
        times=times,
    )


def _lazy(seen: _Seen, execution: Execution, statement: Statement, times: dict[int, int]) -> LazyLoad | None:
    root, stack = seen.root(execution), seen.stack(statement.stack)
    if not root and not stack:
        return None
    return LazyLoad(
        site=(root or stack)[0],
        callers=(root or stack)[1:],
        chain=_chain(execution),
        touched=_first(stack),
        statement=statement.sql,
        times=times,
    )


def _deferred(seen: _Seen, execution: Execution, statement: Statement, times: dict[int, int]) -> DeferredLoad | None:
    root = seen.root(execution)
    if not root:
        return None
    return DeferredLoad(
        site=root[0],
        callers=root[1:],
        model=execution.model,
        columns=execution.attributes,
        statement=statement.sql,
        times=times,
    )


def _failing(seen: _Seen) -> LazyLoad | None:
    """Return the relation whose load makes the request fail, where rows exist."""
    request = seen.request
    told = f"{request.error} {request.detail}"
    if request.succeeded:
        return None
    if any(mark in told for mark in _GREENLET):
        lazy = next((one for one in reversed(request.executions) if one.kind == "lazy"), None)
        if lazy is not None and (root := seen.root(lazy)):
            touched = _first(seen.stack(lazy.stack))
            return LazyLoad(site=root[0], callers=root[1:], chain=_chain(lazy), touched=touched, fails=True)
    if detached := _DETACHED.search(told):
        return next(_detached(seen, detached[1], detached[2]), None)
    return None


def _detached(seen: _Seen, model: str, attribute: str) -> Iterator[LazyLoad]:
    """Yield the statement that made an object whose session is closed, and the relation that it was asked for."""
    for execution in reversed(seen.request.executions):
        stack = seen.stack(execution.stack)
        module = next((name.partition(":")[0] for name in execution.loaded if name.endswith(f":{model}")), "")
        if module and stack:
            chain = (*_chain(execution), Relation(module=module, model=model, attribute=attribute))
            yield LazyLoad(site=stack[0], callers=stack[1:], chain=chain, fails=True)


def _chain(execution: Execution) -> tuple[Relation, ...]:
    return tuple(Relation(module=one[0], model=one[1], attribute=one[2]) for one in execution.chain)


def _first(stack: tuple[Site, ...]) -> Site | None:
    return stack[0] if stack else None
