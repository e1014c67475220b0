"""The scratch database: its engine, its schema, and the rows that are put into it."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from fastwright.measure.driver import postgres
from fastwright.measure.driver.filling import Filling, Row
from fastwright.project.probe import tables
from fastwright.project.probe.engines import Engines
from fastwright.project.probe.fences import Fences
from fastwright.project.probe.foreign import foreign

T = TypeVar("T")
OURS = {"_fastwright_ours": True}


class Scratch(Engines):
    """Leads every engine to one database: a file of SQLite, or with `socket` one of our own PostgreSQL server.

    Engines that would keep their database in memory, one in each thread, are led to the file, too.
    """

    def __init__(self, scratch: Path, fences: Fences, socket: str, name: str) -> None:
        super().__init__(scratch, fences)
        self._directory = scratch
        self._socket = socket
        self.name = name
        self._driver = ""
        self._own: list[Any] = []
        self.problems: dict[str, str] = {}
        # Whether the app has made an engine: some do so with their first request only.
        self.is_used = False

    @property
    def database(self) -> Path:
        return self._directory / f"{self.name}.sqlite"

    @property
    def is_postgres(self) -> bool:
        """Whether the app has an engine for PostgreSQL, and gets one."""
        return bool(self._socket and self._driver)

    def use(self, name: str) -> None:
        """Lead engines that connect from now on to another database, also those that have connected already."""
        self.name = name
        for engine in self._known():
            engine.dispose(close=False)

    def settle(self) -> None:
        """Take the tables that have come with the import; migrations that run later make others of the same names."""
        foreign_ones = _descriptions_of_databases()
        self._own = [one for one in tables.alive(self.tables) if id(one.metadata) not in foreign_ones]

    async def clear(self) -> None:
        """Begin with an empty database: some apps make their tables themselves when they start, by their migrations."""
        self.use(self.name)
        if self.is_postgres:
            await self.work(postgres.drop_all)
        for file in self._directory.glob(f"{self.name}.sqlite*"):
            file.unlink()

    async def create(self) -> None:
        """Create the tables, if the app has any."""
        if not self._own:
            return
        if self.is_postgres:
            await self.work(lambda connection: postgres.create(connection, self._own, self.problems))
        else:
            tables.create(self._own, str(self.database))

    async def fill(self, size: int, today: str) -> dict[Any, list[Row]]:
        """Replace all rows by those for a size, and return them."""
        if not self._own:
            return {}
        plan = Filling(self._own, self.mappers, size, today).plan()
        await self.work(lambda connection: self._replace(connection, plan))
        return plan

    async def work(self, action: Callable[[Any], T]) -> T:
        """Do something with a connection of our own, by the driver that the app has."""
        if not self.is_postgres:
            engine = foreign("sqlalchemy").create_engine(f"sqlite:///{self.database}", execution_options=OURS)
        elif self._is_async():
            return await self._work_async(action)
        else:
            engine = foreign("sqlalchemy").create_engine(f"{self._driver}://", execution_options=OURS)
        try:
            with engine.connect() as connection:
                return _prepared(connection, action)
        finally:
            engine.dispose()

    async def _work_async(self, action: Callable[[Any], T]) -> T:
        engine = foreign("sqlalchemy.ext.asyncio").create_async_engine(f"{self._driver}://", execution_options=OURS)
        try:
            async with engine.connect() as connection:
                result: T = await connection.run_sync(_prepared, action)
                return result
        finally:
            await engine.dispose()

    def _is_async(self) -> bool:
        return bool(foreign("sqlalchemy.engine").make_url(f"{self._driver}://").get_dialect().is_async)

    def _replace_async(self, asyncio: Any) -> None:
        if self._socket:
            asyncio.create_async_engine = self._replacing(asyncio.create_async_engine, "sqlite+aiosqlite")
        else:
            super()._replace_async(asyncio)

    def _replacing(self, make: Any, driver: str) -> Any:
        otherwise = super()._replacing(make, driver)

        def made(url: Any, **options: Any) -> Any:
            self.is_used = True
            parsed = foreign("sqlalchemy.engine").make_url(url)
            if not self._socket or parsed.get_backend_name() != "postgresql":
                return otherwise(url, **options)
            self._driver = parsed.drivername if not self._driver or not self._is_async() else self._driver
            return make(url, **options)

        return made

    def _connect(self, dialect: Any, record: Any, arguments: list[Any], options: dict[str, Any]) -> Any:
        if dialect.name == "postgresql" and self._socket:
            new = postgres.address(str(dialect.driver), self._socket, self.name, options)
            arguments.clear()
            options.clear()
            options.update(new)
            return None
        if dialect.name == "sqlite":
            arguments[:1] = [str(self.database)]
            options.pop("database", None)
        return super()._connect(dialect, record, arguments, options)

    def _replace(self, connection: Any, plan: dict[Any, list[Row]]) -> None:
        inspector = foreign("sqlalchemy").inspect(connection)
        for table, rows in list(plan.items()):
            if not inspector.has_table(table.name, schema=table.schema):
                self.problems.setdefault(table.name, "the scratch database cannot have this table")
                plan[table] = []
                continue
            connection.execute(table.delete())
            plan[table] = self._inserted(connection, table, rows)
            if self.is_postgres:
                postgres.go_on_counting(connection, table)
            connection.commit()

    def _inserted(self, connection: Any, table: Any, rows: list[Row]) -> list[Row]:
        try:
            with connection.begin_nested():
                if rows:
                    connection.execute(table.insert(), rows)
        except Exception:  # noqa: BLE001 - one of the rows; which, is found out one by one
            return self._one_by_one(connection, table, rows)
        return rows

    def _one_by_one(self, connection: Any, table: Any, rows: list[Row]) -> list[Row]:
        done: list[Row] = []
        for row in rows:
            try:
                with connection.begin_nested():
                    connection.execute(table.insert(), [row])
            except Exception as error:  # noqa: BLE001 - whatever the type or the database says is told
                self.problems[table.name] = f"{type(error).__name__}: {error}".splitlines()[0][:200]
                if not done:
                    break
                continue
            done.append(row)
        return done

    def _known(self) -> list[Any]:
        """Return the engines that there are, since one that has connected holds a file that others hold, too."""
        if sys.modules.get("sqlalchemy") is None:
            return []
        kind = foreign("sqlalchemy.engine").Engine
        # By their own type: what stands in for another object would have to import it to be asked.
        return [one for one in gc.get_objects() if issubclass(type(one), kind)]


def _descriptions_of_databases() -> set[int]:
    """Return the collections of tables by which SQLAlchemy itself looks into databases."""
    if sys.modules.get("sqlalchemy") is None:
        return set()
    modules = [module for name, module in list(sys.modules.items()) if name.startswith("sqlalchemy.dialects.")]
    kind = foreign("sqlalchemy").MetaData
    return {id(value) for module in modules for value in vars(module).values() if isinstance(value, kind)}


def _prepared(connection: Any, action: Callable[[Any], T]) -> T:
    if connection.dialect.name == "postgresql":
        postgres.ready(connection)
    else:
        connection.exec_driver_sql("PRAGMA synchronous=OFF")
        connection.commit()
    result = action(connection)
    connection.commit()
    return result
