"""Names that a design may not use, each group with the reason that the person is told."""

from __future__ import annotations

import builtins
import keyword

from fastwright.design.naming import AUTOMATIC_COLUMNS


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KEYWORDS = frozenset(keyword.kwlist) | frozenset(keyword.softkwlist)
# Those of `site` are named as it adds them only in some interpreters; linters know them everywhere.
_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_")) | frozenset(
    {"copyright", "credits", "exit", "license", "quit"}
)
_PARAMETERS = frozenset({"cls", "db", "request", "response", "self", "session", "settings"})
# These stand beside the filters of a list endpoint and nowhere beside fields, so a field may have the name.
_ENDPOINT_PARAMETERS = frozenset({"body", "user"})
_QUERY = frozenset({"cursor", "include_total", "limit", "offset", "q", "sort"})
_DECLARATIVE = frozenset({"metadata", "registry"})
_PYDANTIC = frozenset(
    {
        "construct",
        "copy",
        "dict",
        "fields",
        "from_orm",
        "json",
        "parse_file",
        "parse_obj",
        "parse_raw",
        "schema",
        "schema_json",
        "update_forward_refs",
        "validate",
    }
)
_TYPES = frozenset({"date", "datetime", "decimal", "enum", "uuid"})
_SYSTEM_COLUMNS = frozenset({"cmax", "cmin", "ctid", "oid", "rowid", "tableoid", "xmax", "xmin"})

_MEMBER_REASONS = (
    (frozenset(AUTOMATIC_COLUMNS), "every resource has it already"),
    (_KEYWORDS, "it is a word of Python's own"),
    (_TYPES, "it would hide a type that the code uses"),
    (_PYDANTIC, "it would hide a method of Pydantic's models"),
    (_BUILTINS, "it would hide a builtin of Python"),
    (_DECLARATIVE, "SQLAlchemy keeps it for itself"),
    (_QUERY, "it is a query parameter of every list"),
    (_PARAMETERS, "it is a parameter of the generated functions"),
    (_SYSTEM_COLUMNS, "databases have a hidden column of that name"),
)

_CLASSES = _words(
    """
    Any APIRouter Annotated AsyncSession Base BaseModel Body Boolean CheckConstraint Column Cookie CurrentUser Date
    DateTime Datetime Decimal Depends Email EmailStr Engine Enum ExactDecimal FastAPI Field File ForeignKey Form Header
    HTTPException Index Integer Iterator JSON Json Literal Login Mapped MetaData Numeric Page PasswordReset Path
    Permission Principal Problem Query RefreshToken Request Response Role Router Security Select Self Sequence Session
    SessionDep Settings Status StrEnum String Table Text Token TokenPair URL UUID UniqueConstraint UtcDateTime Uuid
    """
)
_MODULES = _words(
    """
    admin app auth cache conftest core database dependencies errors factories health limits logging mail main metrics
    middleware migrations models pagination queries rate_limit router schemas security service settings storage tasks
    tests types users version worker
    """
)
_ROUTES = frozenset({"docs", "login", "logout", "me", "openapi", "redoc", "static"})
_TABLES = frozenset({"alembic_version", "refresh_tokens", "users"})

RESERVED_ROLES = frozenset({"anonymous", "authenticated", "owner", "public", "role", "user"})
# A project named like its package confuses imports, and one named like a dependency cannot be locked.
RESERVED_PROJECTS = _words(
    """
    aiosqlite alembic anyio app argon2-cffi asyncpg email-validator fastapi fastwright greenlet httpx main migrations
    mypy psycopg pwdlib pydantic pydantic-settings pyjwt pytest python redis ruff site sqlalchemy src starlette
    structlog taskiq taskiq-redis test tests typing-extensions uvicorn uvloop
    """
)


def member_reason(name: str) -> str:
    """Return why a field or relation may not be called `name`, or nothing."""
    if name.startswith("model_"):
        return "Pydantic keeps names that start with `model_` for itself"
    return next((reason for names, reason in _MEMBER_REASONS if name in names), "")


def filter_reason(name: str) -> str:
    """Return why a list may not be filtered by a parameter called `name`, or nothing."""
    return "it is a parameter of the generated functions" if name in _ENDPOINT_PARAMETERS else ""


def class_reason(name: str) -> str:
    """Return why a resource may not be called `name`, or nothing."""
    if name in _CLASSES or name in _BUILTINS:
        return "the generated code uses a class of that name"
    return ""


def variable_reason(name: str) -> str:
    """Return why one thing may not be called `name` in the code, or nothing."""
    groups = (
        (_KEYWORDS, "a word of Python's own"),
        (_BUILTINS, "a builtin of Python"),
        (_PARAMETERS | _ENDPOINT_PARAMETERS, "a parameter of the generated functions"),
    )
    reason = next((reason for names, reason in groups if name in names), "")
    return reason and f"in the code it would be called `{name}`, which is {reason}"


def plural_reason(name: str) -> str:
    """Return why a package, table and route may not be called `name`, or nothing."""
    groups = (
        (_MODULES, "a module of the backend"),
        (_TABLES, "a table of the backend"),
        (_ROUTES, "a path of the backend"),
        (_KEYWORDS, "a word of Python's own"),
        (_BUILTINS, "a builtin of Python"),
        (_PARAMETERS | _ENDPOINT_PARAMETERS | _QUERY, "a parameter of the generated functions"),
    )
    reason = next((reason for names, reason in groups if name in names), "")
    if name.startswith(("sqlite_", "pg_")):
        reason = "a prefix that the database keeps for itself"
    return reason and f"its package and table would be `{name}`, which is {reason}"
