"""Connections to databases, told from their dotted paths: of SQLAlchemy, and of drivers that are used without it."""

from __future__ import annotations

import re
from typing import Literal

SessionKind = Literal["sync", "async"]
_SYNC = ("sqlite3", "psycopg", "psycopg2", "psycopg_pool", "pymysql", "MySQLdb", "mysql", "mariadb", "pyodbc")
_SYNC_TOO = ("cx_Oracle", "oracledb", "duckdb", "pymssql", "libsql", "sqlite_utils", "pysqlite3")
_ASYNC = frozenset({"aiosqlite", "asyncpg", "aiomysql", "asyncmy", "aiopg", "databases", "aioodbc"})
_DRIVERS = frozenset({*_SYNC, *_SYNC_TOO, *_ASYNC})
_SESSION = re.compile(
    r"(?:^|\.)(?:Session|AsyncSession|sessionmaker\(\)|scoped_session\(\)|async_sessionmaker\(\)|async_scoped_session\(\)"
    r"|(?:sessionmaker\(\)|scoped_session\(\)|async_sessionmaker\(\))(?:\(\)|\.begin\(\))|(?:Async)?Connection"
    r"|(?:create_(?:async_)?engine\(\)|(?:Async)?Engine)\.(?:connect|begin)\(\))(?:\.execution_options\(\))?$"
)
# What drivers call their connections, pools and cursors, and what makes them.
_CONNECTION = re.compile(
    r"(?:^|\.)(?:connect|create_pool|cursor|acquire|connection|getconn|get_connection|transaction|get_conn)\(\)$"
    r"|(?:^|\.)(?:Async)?(?:Connection|Cursor|DictCursor|RealDictCursor|Pool|ConnectionPool|Database|Client)$"
    r"|(?:^|\.)(?:\w*ConnectionPool|\w*Connection|\w*Cursor|connection|cursor)$"
)
# Mappers whose models send statements themselves; those of the first wait for the answer.
SYNC_MODELS = ("peewee.Model", "mongoengine.Document", "mongoengine.DynamicDocument", "pony.orm.")
ASYNC_MODELS = ("tortoise.", "beanie.", "ormar.", "odmantic.")
MODEL_CALLS = frozenset(
    {"get", "get_or_none", "get_by_id", "get_or_create", "select", "create", "save", "delete", "delete_instance"}
    | {"insert", "insert_many", "bulk_create", "update", "execute", "count", "exists", "first", "all", "atomic"}
)
# What collections of documents are asked and told; nothing else has methods of these names.
DOCUMENT_READS = frozenset({"find_one", "count_documents", "estimated_document_count"})
DOCUMENT_CHANGES = {
    **dict.fromkeys(("insert_one", "insert_many"), "adds documents"),
    **dict.fromkeys(("update_one", "update_many", "replace_one", "find_one_and_update"), "changes documents"),
    **dict.fromkeys(("delete_one", "delete_many", "find_one_and_delete"), "deletes documents"),
}


def driver_kind(path: str) -> SessionKind | None:
    """Return whether a connection, pool or cursor of a driver waits, if the path is one."""
    package = path.partition(".")[0]
    if package not in _DRIVERS or not _CONNECTION.search(path):
        return None
    return "async" if package in _ASYNC or "Async" in path or ".aio." in path else "sync"


def session_kind(path: str) -> SessionKind | None:
    """Return whether a session or connection waits, if the path is one."""
    if not path.startswith(("sqlalchemy.", "sqlmodel.")):
        return driver_kind(path)
    if not _SESSION.search(path):
        return None
    return "async" if "async" in path.lower() else "sync"
