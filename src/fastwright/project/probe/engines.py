"""Every SQLAlchemy engine of the app is led to a database of ours; one that cannot be led there is refused.

An engine for SQLite gets another file when it connects. One for another database is made for SQLite instead, which is
enough to find out who is let in; `do_connect` refuses whatever came about in some other way.
"""

from __future__ import annotations

import importlib.util
import inspect
from pathlib import Path
from typing import Any

from fastwright.project.probe.fences import Fences
from fastwright.project.probe.foreign import foreign
from fastwright.project.probe.functions import teach
from fastwright.project.probe.hooks import after_import
from fastwright.project.probe.lending import lend

_ASYNC = "sqlite+aiosqlite"
# What an engine may be told whatever its database is.
_KEPT = ("echo", "echo_pool", "future", "hide_parameters", "json_serializer", "json_deserializer", "poolclass")
_POOL = ("pool_size", "max_overflow", "pool_recycle", "pool_timeout", "pool_pre_ping", "pool_use_lifo")


class Engines:
    """Hears of engines, mappers and tables as they are made, by the public events of SQLAlchemy alone."""

    def __init__(self, scratch: Path, fences: Fences) -> None:
        self._scratch = scratch
        self._fences = fences
        self.mappers: list[Any] = []
        self.tables: list[Any] = []
        self.replaced: list[str] = []

    @property
    def database(self) -> Path:
        """The file that all engines are led to."""
        return self._scratch / "database.sqlite"

    def redirect(self) -> None:
        lend()
        after_import("sqlalchemy", self._listen_to_engines)
        after_import("sqlalchemy.orm", self._listen_to_mappers)
        after_import("sqlalchemy.ext.asyncio", self._replace_async)
        after_import("sqlalchemy.dialects.postgresql", _teach_types)

    def attach_schemas(self, connection: Any) -> None:
        """Let the schemas of the models exist: in SQLite, each is a database of its own."""
        schemas = {table.schema for table in self.tables if table.schema}
        known = {str(row[1]) for row in connection.execute("PRAGMA database_list")}
        for schema in sorted(schemas - known):
            quoted = schema.replace('"', '""')
            connection.execute(
                f'ATTACH DATABASE ? AS "{quoted}"', (str(self._scratch / f"schema-{len(quoted)}-{quoted}"),)
            )

    def _listen_to_engines(self, sqlalchemy: Any) -> None:
        engine = sqlalchemy.engine.Engine
        sqlalchemy.event.listen(engine, "do_connect", self._connect)
        sqlalchemy.event.listen(sqlalchemy.Table, "after_parent_attach", self._add_table)
        make = self._replacing(sqlalchemy.create_engine, "sqlite")
        sqlalchemy.create_engine = sqlalchemy.engine.create_engine = make
        # What reads a configuration, as migrations do, asks the module where it is defined.
        foreign("sqlalchemy.engine.create").create_engine = make

    def _listen_to_mappers(self, orm: Any) -> None:
        foreign("sqlalchemy.event").listen(orm.Mapper, "instrument_class", self._add_mapper)

    def _replace_async(self, asyncio: Any) -> None:
        if importlib.util.find_spec("aiosqlite") is not None:
            make = self._replacing(asyncio.create_async_engine, _ASYNC)
            asyncio.create_async_engine = asyncio.engine.create_async_engine = make

    def _replacing(self, make: Any, driver: str) -> Any:
        """Return what makes engines as `make` does, but those for other databases for SQLite."""

        def made(url: Any, **options: Any) -> Any:
            parsed = foreign("sqlalchemy.engine").make_url(url)
            if parsed.get_backend_name() == "sqlite":
                return make(url, **options)
            if parsed.drivername not in self.replaced:
                self.replaced.append(parsed.drivername)
            # `AsyncEngine(create_engine(…))` makes it in the synchronous way.
            is_wrapped = driver == "sqlite" and parsed.get_dialect().is_async
            here = foreign("sqlalchemy.engine").make_url(f"{_ASYNC if is_wrapped else driver}:///{self.database}")
            kept = {name: value for name, value in options.items() if name in _KEPT}
            if "poolclass" not in options and _has_queue(here):
                kept.update({name: value for name, value in options.items() if name in _POOL})
            return make(here, **kept)

        return made

    def _add_mapper(self, mapper: Any, _class: Any) -> None:
        self.mappers.append(mapper)

    def _add_table(self, table: Any, _metadata: Any) -> None:
        self.tables.append(table)

    def _connect(self, dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]) -> Any:
        if dialect.name != "sqlite":
            self._fences.refuse("connect", f"a {dialect.name} database at {options.get('host', 'its address')}")
        name = str(arguments[0]) if arguments else str(options.get("database", ""))
        if name in ("", ":memory:") or "mode=memory" in name:
            return None
        arguments[:1] = [str(self.database)]
        options["uri"] = False
        connection = dialect.connect(*arguments, **options)
        teach(connection)
        if not dialect.is_async:
            self.attach_schemas(connection)
        return connection


def _has_queue(url: Any) -> bool:
    """Tell whether the pool of such an engine has a size; which one SQLite gets changed between versions."""
    return issubclass(url.get_dialect().get_pool_class(url), foreign("sqlalchemy.pool").QueuePool)


def _teach_types(postgresql: Any) -> None:
    """Let the types that only PostgreSQL has be columns of text in the scratch database."""
    compiles = foreign("sqlalchemy.ext.compiler").compiles
    base = foreign("sqlalchemy.types").TypeEngine

    def text(_type: Any, _compiler: Any, **_options: Any) -> str:
        return "TEXT"

    for name in dir(postgresql):
        kind: Any = getattr(postgresql, name)
        own = getattr(kind, "__module__", "").startswith("sqlalchemy.dialects.postgresql")
        if own and inspect.isclass(kind) and issubclass(kind, base):
            compiles(kind, "sqlite")(text)
