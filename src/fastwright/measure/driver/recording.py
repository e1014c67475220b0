"""Write down every statement of a request, and which statement made the rows that caused it.

All of it hangs on public events of SQLAlchemy. `do_orm_execute` numbers what the ORM executes, the number travels as
an execution option, and the `load` event gives it to each object that was made. A lazy load tells its parent object,
so that it can be followed to the statement where a loader option belongs, whoever touched the attribute and when.
"""

from __future__ import annotations

import time
from contextvars import ContextVar
from typing import Any

from fastwright.measure.driver.frames import NOWHERE, Stacks
from fastwright.measure.driver.waiting import Waiting, is_on_loop
from fastwright.project.probe.foreign import foreign
from fastwright.project.probe.hooks import after_import

_NUMBER = "_fastwright_number"

# Module, class and attribute of a relationship.
Relation = tuple[str, str, str]


class Execution:
    """Something that the ORM has executed. `root` made the first rows, and `chain` leads from them to these."""

    def __init__(self, number: int, stack: int, statement: Any) -> None:
        self.number = number
        self.stack = stack
        self.statement = statement
        self.root = number
        self.chain: tuple[Relation, ...] = ()
        self.prefix: tuple[Relation, ...] = ()
        self.kind = "select"
        self.model = ""
        self.attributes: tuple[str, ...] = ()
        self.loaded: dict[str, int] = {}

    def reads(self, kind: Any) -> bool:
        """Tell whether the app itself asks for rows of a class here."""
        if self.kind != "select" or self.stack == NOWHERE:
            return False
        described: list[dict[str, Any]] = getattr(self.statement, "column_descriptions", [])
        return any(one.get("entity") is kind for one in described)

    def told(self) -> dict[str, Any]:
        return {
            "stack": self.stack,
            "root": self.root,
            "chain": [list(relation) for relation in self.chain],
            "kind": self.kind,
            "model": self.model,
            "attributes": list(self.attributes),
            "loaded": self.loaded,
        }


class Recording:
    """What was seen during one request."""

    def __init__(self) -> None:
        self.executions: list[Execution] = []
        self.statements: list[dict[str, Any]] = []
        self.commits: list[int] = []
        # Of the state of each object, the statement that made it and the relations that lead to it.
        self.origins: dict[Any, tuple[int, tuple[Relation, ...]]] = {}

    def origin(self, state: Any, number: int) -> tuple[int, tuple[Relation, ...]]:
        """Return the statement that made an object, and the relations that lead to it.

        What a session has already, such as the caller, is not made again by the statement of the app that reads it.
        """
        if state in self.origins:
            return self.origins[state]
        again = (one.number for one in reversed(self.executions) if one.reads(state.class_))
        return next(again, number), ()

    def told(self) -> dict[str, Any]:
        return {
            "executions": [execution.told() for execution in self.executions],
            "statements": self.statements,
            "commits": self.commits,
        }


class Recorder:
    """Listens from before the app is imported; writes only while there is a recording."""

    def __init__(self, stacks: Stacks, waiting: Waiting) -> None:
        self._stacks = stacks
        self._waiting = waiting
        # Of a request that is still at work after its time, the statements must not be taken for those of the next.
        self._now: ContextVar[Recording | None] = ContextVar("recording", default=None)
        # Of each statement that was ever seen: one execution of it, for the database to explain.
        self.examples: dict[str, tuple[Any, Any]] = {}

    def listen(self) -> None:
        after_import("sqlalchemy", self._hear_engines)
        after_import("sqlalchemy.orm", self._hear_sessions)

    def start(self) -> Recording:
        recording = Recording()
        self._now.set(recording)
        return recording

    def stop(self) -> None:
        self._now.set(None)

    def _hear_engines(self, sqlalchemy: Any) -> None:
        engine = sqlalchemy.engine.Engine
        sqlalchemy.event.listen(engine, "before_cursor_execute", self._before)
        sqlalchemy.event.listen(engine, "after_cursor_execute", self._after)

    def _hear_sessions(self, orm: Any) -> None:
        listen = foreign("sqlalchemy.event").listen
        listen(orm.Session, "do_orm_execute", self._executed)
        listen(orm.Session, "after_commit", self._committed)
        listen(orm.Mapper, "load", self._loaded)
        listen(orm.Mapper, "refresh", self._refreshed)

    def _before(self, _connection: Any, _cursor: Any, sql: str, values: Any, context: Any, _many: bool) -> None:
        now = self._now.get()
        if now is None or context.execution_options.get("_fastwright_ours"):
            return
        number: int | None = context.execution_options.get(_NUMBER)
        if not context.dialect.is_async and is_on_loop():
            self._waiting.note("a session that is not async")
        if sql not in self.examples:
            self.examples[sql] = (getattr(getattr(context, "compiled", None), "statement", None), values)
        now.statements.append(
            {
                "sql": sql,
                "values": hash(repr(values)),
                "stack": self._stacks.here() if number is None else now.executions[number].stack,
                "execution": number,
                "seconds": 0.0,
                "at": time.perf_counter(),
            }
        )

    def _after(self, _connection: Any, _cursor: Any, sql: str, _values: Any, _context: Any, _many: bool) -> None:
        now = self._now.get()
        if now is not None and now.statements and now.statements[-1]["sql"] == sql:
            now.statements[-1]["seconds"] = time.perf_counter() - now.statements[-1]["at"]

    def _executed(self, state: Any) -> None:
        now = self._now.get()
        if now is None or state.execution_options.get("_fastwright_ours"):
            return
        execution = Execution(len(now.executions), self._stacks.here(), state.statement)
        if not state.is_select:
            execution.kind = "write"
        elif state.is_column_load:
            execution.kind = "columns"
        elif state.is_relationship_load:
            self._follow(now, execution, state)
        now.executions.append(execution)
        state.update_execution_options(**{_NUMBER: execution.number})

    def _follow(self, now: Recording, execution: Execution, state: Any) -> None:
        """Find the statement that made the parents of what a relation loads."""
        path = _relations(getattr(state.loader_strategy_path, "path", ()))
        parent = state.lazy_loaded_from
        if parent is None:
            execution.kind = "eager"
            base = next((one for one in reversed(now.executions) if one.kind in ("select", "lazy")), None)
            if base is not None:
                execution.root, execution.chain, execution.prefix = base.root, base.chain, base.prefix
            return
        execution.kind = "lazy"
        execution.prefix = path
        execution.root, chain = now.origin(parent, execution.number)
        execution.chain = (*chain, *path[-1:])

    def _loaded(self, target: Any, context: Any) -> None:
        now = self._now.get()
        number: int | None = context.execution_options.get(_NUMBER)
        if now is None or number is None or number >= len(now.executions):
            return
        execution, name = now.executions[number], f"{type(target).__module__}:{type(target).__name__}"
        execution.loaded[name] = execution.loaded.get(name, 0) + 1
        self._keep_origin(now, execution, foreign("sqlalchemy").inspect(target))

    def _keep_origin(self, now: Recording, execution: Execution, state: Any) -> None:
        if execution.kind == "select" and execution.stack == NOWHERE:
            return
        led = _relations(getattr(getattr(state, "load_path", None), "path", ()))
        length = len(execution.prefix)
        rest = led[length:] if led[:length] == execution.prefix else led
        now.origins[state] = (execution.root, (*execution.chain, *rest))

    def _refreshed(self, target: Any, context: Any, attributes: Any) -> None:
        now = self._now.get()
        number: int | None = context.execution_options.get(_NUMBER) if context is not None else None
        if now is None or number is None or number >= len(now.executions):
            return
        execution = now.executions[number]
        state = foreign("sqlalchemy").inspect(target)
        if execution.kind != "columns":
            return
        execution.model = type(target).__name__
        names = sorted(attributes or ())
        columns = state.mapper.column_attrs
        if names and all(name in columns and getattr(columns[name], "deferred", False) for name in names):
            execution.kind = "deferred"
            execution.attributes = tuple(names)
        execution.root, execution.chain = now.origin(state, execution.number)

    def _committed(self, _session: Any) -> None:
        now = self._now.get()
        if now is not None:
            now.commits.append(self._stacks.here())


def _relations(path: Any) -> tuple[Relation, ...]:
    """Return the relationships of a path of the ORM, which also has the mappers between them."""
    found = [step for step in path if hasattr(step, "direction") and hasattr(step, "parent")]
    return tuple((one.parent.class_.__module__, one.parent.class_.__name__, str(one.key)) for one in found)
