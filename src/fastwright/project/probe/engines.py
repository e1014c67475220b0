"""Every SQLAlchemy engine of the app is led to a database of ours; one that cannot be led there is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from fastwright.project.probe.fences import Fences
from fastwright.project.probe.foreign import foreign
from fastwright.project.probe.hooks import after_import


class Engines:
    """Hears of engines, mappers and tables as they are made, by the public events of SQLAlchemy alone."""

    def __init__(self, scratch: Path, fences: Fences) -> None:
        self._scratch = scratch
        self._fences = fences
        self.mappers: list[Any] = []
        self.tables: list[Any] = []

    @property
    def database(self) -> Path:
        """The database that engines are led to, if the app did not name one yet."""
        return self._scratch / "database.sqlite"

    def redirect(self) -> None:
        after_import("sqlalchemy", self._listen_to_engines)
        after_import("sqlalchemy.orm", self._listen_to_mappers)

    def _listen_to_engines(self, sqlalchemy: Any) -> None:
        sqlalchemy.event.listen(sqlalchemy.engine.Engine, "do_connect", self._connect)
        sqlalchemy.event.listen(sqlalchemy.Table, "after_parent_attach", self._add_table)

    def _listen_to_mappers(self, orm: Any) -> None:
        foreign("sqlalchemy.event").listen(orm.Mapper, "after_mapper_constructed", self._add_mapper)

    def _add_mapper(self, mapper: Any, _class: Any) -> None:
        self.mappers.append(mapper)

    def _add_table(self, table: Any, _metadata: Any) -> None:
        self.tables.append(table)

    def _connect(self, dialect: Any, _record: Any, arguments: list[Any], options: dict[str, Any]) -> None:
        if dialect.name != "sqlite":
            self._fences.refuse("connect", f"a {dialect.name} database at {options.get('host', 'its address')}")
        name = str(arguments[0]) if arguments else str(options.get("database", ""))
        if name in ("", ":memory:") or "mode=memory" in name:
            return
        arguments[:1] = [str(self.database)]
        options["uri"] = False
