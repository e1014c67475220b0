"""The scratch database where the app's own is PostgreSQL: a server of ours on this machine, reached by a socket.

Engines keep their driver and their types; where they connect to is rewritten each time, so that nothing of the app's
own address, user or password is ever used.
"""

from __future__ import annotations

from typing import Any, NoReturn

from fastwright.project.probe.fences import Fences
from fastwright.project.probe.foreign import foreign

_ADDRESS = ("host", "hostaddr", "port", "user", "password", "passfile", "service", "ssl", "sslmode", "dsn")
_NAMES = {"psycopg": "dbname", "psycopg2": "dbname"}


class Passage(Fences):
    """The fences, with a way to the socket of our server: drivers in C may connect to that one, and no other."""

    def __init__(self, allowed: list[str], socket: str) -> None:
        super().__init__([*allowed, socket] if socket else allowed)
        self._socket = socket

    def _close_driver(self, module: Any) -> None:
        if not self._socket or module.__name__ not in _NAMES:
            super()._close_driver(module)
            return
        owners: list[Any] = [module, getattr(module, "Connection", None), getattr(module, "AsyncConnection", None)]
        for owner in owners:
            if hasattr(owner, "connect"):
                setattr(owner, "connect", self._passing(owner.connect, module.__name__))  # noqa: B010 - any of three kinds

    def _passing(self, connect: Any, name: str) -> Any:
        def passed(*arguments: Any, **options: Any) -> Any:
            if options.get("host") != self._socket:
                self._refuse_database(name)
            return connect(*arguments, **options)

        return passed

    def _refuse_database(self, name: str) -> NoReturn:
        self.refuse("connect", f"a database, with {name}")


def address(driver: str, socket: str, database: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options of a connection with our server in place of the app's."""
    kept = {name: value for name, value in options.items() if name not in (*_ADDRESS, "dbname", "database")}
    return {**kept, "host": socket, "user": "postgres", _NAMES.get(driver, "database"): database}


def create(connection: Any, tables: list[Any], problems: dict[str, str]) -> None:
    """Create schemas, types and tables; what cannot be created is told."""
    schema = foreign("sqlalchemy.schema")
    for name in sorted({table.schema for table in tables if table.schema}):
        connection.execute(schema.CreateSchema(name, if_not_exists=True))
    connection.commit()
    for metadata in dict.fromkeys(table.metadata for table in tables):
        own = [table for table in tables if table.metadata is metadata]
        try:
            metadata.create_all(connection, tables=own)
            connection.commit()
        except Exception:  # noqa: BLE001 - an extension that we do not have; the others may do without it
            connection.rollback()
            _one_by_one(connection, metadata, own, problems)


def _one_by_one(connection: Any, metadata: Any, own: list[Any], problems: dict[str, str]) -> None:
    for table in metadata.sorted_tables:
        if table not in own:
            continue
        try:
            table.create(connection, checkfirst=True)
            connection.commit()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            connection.rollback()
            problems[str(table.name)] = f"{type(error).__name__}: {error}".splitlines()[0][:200]


def drop_all(connection: Any) -> None:
    """Leave nothing of what the app has made."""
    connection.exec_driver_sql("DROP SCHEMA public CASCADE")
    connection.exec_driver_sql("CREATE SCHEMA public")


def ready(connection: Any) -> None:
    """Let rows be inserted in any order."""
    connection.exec_driver_sql("SET session_replication_role = replica")
    connection.commit()


def go_on_counting(connection: Any, table: Any) -> None:
    """Let the sequence of a key go on after the rows that have got their keys from us."""
    for column in table.primary_key:
        name = connection.dialect.identifier_preparer.format_table(table)
        sequence = connection.exec_driver_sql(f"SELECT pg_get_serial_sequence('{name}', '{column.name}')").scalar()
        if sequence:
            connection.exec_driver_sql(
                f"SELECT setval('{sequence}', (SELECT COALESCE(max(\"{column.name}\"), 1) FROM {name}))"  # noqa: S608
            )
