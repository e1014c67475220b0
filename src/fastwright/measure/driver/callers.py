"""The caller: a row of the app's own user model, given by an override of the app's own guard.

The top-most dependency that stands for the caller is overridden, and not the scheme below it, which would leave the
decoding of a token in place. The row comes from the session of the request, so that its relations can be loaded.
"""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterable
from typing import Any

from fastwright.measure.driver.filling import Row
from fastwright.measure.driver.scratch import OURS
from fastwright.measure.driver.tokens import TOKEN, Tokens
from fastwright.project.probe import reading
from fastwright.project.probe.foreign import foreign
from fastwright.project.probe.places import unwrapped

_USERS = ("user", "account", "member", "customer", "person", "employee", "profile")


class Callers:
    """Overrides guards, and lets a row of users be whoever calls."""

    def __init__(self, mappers: list[Any], tokens: Tokens) -> None:
        self._mappers = mappers
        self.tokens = tokens
        self._security: Any = foreign("fastapi.security.base").SecurityBase
        self._rows: dict[Any, list[Row]] = {}

    def know(self, rows: dict[Any, list[Row]]) -> None:
        """Let the caller be the first of the rows of users that the database was filled with."""
        self._rows = rows
        mapper = self._user()
        users = rows.get(mapper.local_table, []) if mapper is not None else []
        if mapper is not None and users:
            self.tokens.know(users[0], _key(mapper, users[0])[0])

    def let_in(self, apps: list[Any], view: Any) -> None:
        """Override what stands between strangers and an endpoint, in every app: a mounted one has its own overrides."""
        dependant = getattr(view, "dependant", None)
        if dependant is None:
            return
        for guard, wanted in self._guards(dependant):
            override = self._override(guard, wanted, dependant)
            for app in apps:
                if hasattr(app, "dependency_overrides"):
                    app.dependency_overrides.setdefault(guard.call, override)

    def _guards(self, dependant: Any) -> typing.Iterator[tuple[Any, Any]]:
        """Yield the dependencies to override, each with the type that is expected of it."""
        hints = _hints(dependant.call)
        for below in dependant.dependencies:
            if not self._is_guarding(below):
                continue
            wanted = hints.get(str(below.name)) or _returned(below.call)
            stands = self._model(wanted) is not None or not below.name or self._looks(below)
            if stands:
                yield below, wanted
            else:
                yield from self._guards(below)

    def _looks(self, dependant: Any) -> bool:
        """Tell a dependency that decides by itself: it refuses, or is a scheme, or has one right below."""
        schemes = (dependant.call, *(below.call for below in dependant.dependencies))
        return reading.refuses(dependant.call) or any(self._is_scheme(call) for call in schemes)

    def _is_scheme(self, call: Any) -> bool:
        return isinstance(unwrapped(call), self._security)

    def _is_guarding(self, dependant: Any) -> bool:
        if self._is_scheme(dependant.call):
            return True
        looks = reading.refuses(dependant.call) and reading.reads_caller(dependant.call)
        sent = bool(dependant.header_params or dependant.cookie_params) and reading.refuses(dependant.call)
        return looks or sent or any(self._is_guarding(below) for below in dependant.dependencies)

    def _model(self, wanted: Any) -> Any | None:
        """Return the mapper of what is wanted, if that is a model."""
        options = {_plain(wanted), *map(_plain, typing.get_args(wanted))}
        return next((mapper for mapper in self._mappers if mapper.class_ in options), None)

    def _override(self, guard: Any, wanted: Any, dependant: Any) -> Any:
        if self._is_scheme(guard.call):
            return _credentials(unwrapped(guard.call))
        mapper: Any = self._model(wanted) or self._user()
        sessions = list(dict.fromkeys([*_sessions(guard), *_sessions(dependant)]))
        depends = foreign("fastapi").Depends

        async def caller(**found: Any) -> Any:
            rows = self._rows.get(mapper.local_table, []) if mapper is not None else []
            row = await _loaded(mapper, rows[0], found.values()) if rows else None
            return _shaped(row, wanted)

        parameters = [
            inspect.Parameter(f"session_{number}", inspect.Parameter.KEYWORD_ONLY, default=depends(call))
            for number, call in enumerate(sessions)
        ]
        setattr(caller, "__signature__", inspect.Signature(parameters))  # noqa: B010 - functions have none by type
        return caller

    def _user(self) -> Any | None:
        named = [mapper for mapper in self._mappers if mapper.class_.__name__.lower() in _USERS]
        near = [mapper for mapper in self._mappers if mapper.class_.__name__.lower().endswith(_USERS)]
        return next(iter(sorted(named, key=lambda one: _USERS.index(one.class_.__name__.lower())) + near), None)


async def _loaded(mapper: Any, row: Row, values: Iterable[Any]) -> Any:
    """Return an object for the row, from the session of this request if it has one."""
    key = _key(mapper, row)
    orm = foreign("sqlalchemy.orm")
    for value in values:
        if isinstance(value, orm.Session):
            return value.get(mapper.class_, key, execution_options=OURS)
        if hasattr(value, "sync_session"):
            return await value.get(mapper.class_, key, execution_options=OURS)
    names = {one.columns[0].key: one.key for one in mapper.column_attrs}
    return mapper.class_(**{names[column]: value for column, value in row.items() if column in names})


def _key(mapper: Any, row: Row) -> tuple[Any, ...]:
    return tuple(row.get(column.key) for column in mapper.local_table.primary_key)


def _shaped(row: Any, wanted: Any) -> Any:
    """Return the object as what is wanted: itself, or a schema or mapping that is made of it."""
    kind: Any = _plain(wanted)
    # `Any` is a class since Python 3.11, and one of which nothing is an instance.
    if row is None or kind is typing.Any or not isinstance(kind, type) or isinstance(row, kind):
        return row
    values: dict[str, Any] = {
        name: value for name, value in foreign("builtins").vars(row).items() if not name.startswith("_")
    }
    values.setdefault("sub", str(values.get("id", "1")))
    made: Any = kind
    if kind is dict:
        return values
    if kind in (int, str):
        return made(values.get("id", 1))
    if hasattr(kind, "model_validate"):
        try:
            return made.model_validate(values)
        except Exception:  # noqa: BLE001 - what the app wants cannot be made of a row, so it gets what there is
            return made.model_construct(**values)
    return row


def _plain(hint: Any) -> Any:
    return getattr(hint, "__origin__", hint) if hasattr(hint, "__metadata__") else hint


def _hints(call: Any) -> dict[str, Any]:
    function = reading.body(call)
    try:
        return typing.get_type_hints(function)
    except Exception:  # noqa: BLE001 - names that exist for type checkers alone
        return dict(getattr(function, "__annotations__", {}))


def _returned(call: Any) -> Any:
    return _hints(call).get("return")


def _sessions(dependant: Any) -> typing.Iterator[Any]:
    """Yield the dependencies that give a session: by their types, or since they are generators."""
    for below in dependant.dependencies:
        told = str(_returned(below.call)) + str(_hints(dependant.call).get(str(below.name)))
        function = reading.body(below.call)
        yields = inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function)
        if "Session" in told or yields:
            yield below.call
        yield from _sessions(below)


def _credentials(scheme: Any) -> Any:
    """Return an override for a scheme that an endpoint uses by itself."""
    security = foreign("fastapi.security")
    name = type(scheme).__name__
    if name in ("HTTPBearer", "HTTPDigest"):
        return lambda: security.HTTPAuthorizationCredentials(scheme="Bearer", credentials=TOKEN)
    if name == "HTTPBasic":
        return lambda: security.HTTPBasicCredentials(username=TOKEN, password=TOKEN)
    return lambda: TOKEN
