"""Names that a design may not use, each group with the reason that the person is told."""

from __future__ import annotations

import builtins
import keyword

from fastwright.design.naming import AUTOMATIC_COLUMNS, CLASS_SUFFIXES, USER


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_KEYWORDS = frozenset(keyword.kwlist) | frozenset(keyword.softkwlist)
# Those of `site` are named as it adds them only in some interpreters; linters know them everywhere.
_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_")) | frozenset(
    {"copyright", "credits", "exit", "license", "quit"}
)
_PARAMETERS = frozenset({"cls", "db", "request", "response", "self", "session", "settings"})
# Names beside which one thing of a resource, or its list of many others, stands as a variable of the same function.
_LOCALS = _words(
    """
    body changes conditions data etag filters given ids if_match if_none_match name number page queries router row rows
    sa service statement status user utc_now value values
    """
)
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
_TYPES = frozenset({"decimal", "dt", "enum", "uuid"})
# In the body of a class a field hides a builtin only from what follows there, and these are all that follows.
_ANNOTATIONS = frozenset({"bool", "bytes", "dict", "float", "int", "list", "property", "set", "str", "tuple"})
_SYSTEM_COLUMNS = frozenset({"cmax", "cmin", "ctid", "oid", "rowid", "tableoid", "xmax", "xmin"})

_MEMBER_REASONS = (
    (frozenset(AUTOMATIC_COLUMNS), "every resource has it already"),
    (_KEYWORDS, "it is a word of Python's own"),
    (_TYPES, "it would hide a type that the code uses"),
    (_PYDANTIC, "it would hide a method of Pydantic's models"),
    (_ANNOTATIONS, "it would hide a type that the code uses"),
    (_DECLARATIVE, "SQLAlchemy keeps it for itself"),
    (_QUERY, "it is a query parameter of every list"),
    (_PARAMETERS, "it is a parameter of the generated functions"),
    (_SYSTEM_COLUMNS, "databases have a hidden column of that name"),
)

_CLASSES = _words(
    """
    APIRouter AccountToken Annotated Any AsUser AsyncClient AsyncConnection AsyncSession Base BaseModel Body
    Callable ConfigDict Conflict CurrentUser Database DatabaseDep Date DateTime Datetime Decimal Depends Email Enum
    Exact ExactDecimal ExternalIdentity FastAPI Field Forbidden HTTPException IdempotencyKey IfMatch IfNoneMatch
    Int32 Int64 JSON Json Line ListStatement Literal Login MakeUser Mapped Mapping MetaData Moment NotFound NotSent
    Once OutboxMessage Page PageParams Permission PreconditionFailed Principal Problem Query Record Reference
    RefreshToken Request Response ReturningInsert Role Router Select Self Sequence Session SessionDep Settings
    SortKey Status StoredAnswer StrEnum StrictBool Table Text TextForm Timestamp Token TokenPair URL UTC UUID Url
    UtcDateTime Uuid Version
    """
)
_MODULES = _words(
    """
    access admin api app auth background body_limit cache conftest database dependencies enums error_handlers errors
    etag factories fields health http_client idempotency limit_storage log_config logging loopback mail main manage
    middleware migrations models oidc openapi outbox pagination platform prometheus public queries queue rate_limit
    reference_columns request_counts router routing schemas service settings shared support tests tracing trusted_hosts
    types users work worker
    """
)
_ROUTES = frozenset({"admin", "docs", "login", "logout", "me", "openapi", "redoc", "static"})
PLATFORM_TABLES = frozenset({"account_tokens", "idempotency_keys", "logins", "outbox", "refresh_tokens"})
_TABLES = PLATFORM_TABLES | {"alembic_version", "external_identities", "users"}

RESERVED_ROLES = frozenset({"anonymous", "authenticated", "owner", "public", "role", "user"})
# A project named like its package confuses imports, and one named like a dependency cannot be locked.
RESERVED_PROJECTS = _words(
    """
    aiosqlite alembic anyio app argon2-cffi asyncpg authlib email-validator fastapi fastwright greenlet httpx httpx2
    itsdangerous joserfc main migrations mypy psycopg pwdlib pydantic pydantic-settings pyjwt pytest python redis ruff
    site sqladmin sqlalchemy src starlette structlog taskiq taskiq-redis test tests typing-extensions uvicorn uvloop
    """
)


def member_reason(name: str) -> str:
    """Return why a field or relation may not be called `name`, or nothing."""
    if name.startswith("model_"):
        return "Pydantic keeps names that start with `model_` for itself"
    return next((reason for names, reason in _MEMBER_REASONS if name in names), "")


def many_reason(name: str) -> str:
    """Return why a many-to-many relation may not be called `name`, or nothing."""
    return "it is a variable of the generated functions" if name in _LOCALS else member_reason(name)


def class_reason(name: str) -> str:
    """Return why a resource may not be called `name`, or nothing."""
    if name in _CLASSES | _BUILTINS or name in {USER + suffix for suffix in CLASS_SUFFIXES}:
        return "the generated code uses a class of that name"
    return ""


def variable_reason(name: str) -> str:
    """Return why one thing may not be called `name` in the code, or nothing."""
    groups = (
        (_KEYWORDS, "a word of Python's own"),
        (_BUILTINS, "a builtin of Python"),
        (_PARAMETERS | _LOCALS, "a variable of the generated functions"),
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
        (_PARAMETERS | _LOCALS | _QUERY, "a parameter of the generated functions"),
    )
    reason = next((reason for names, reason in groups if name in names), "")
    if name.startswith(("sqlite_", "pg_")):
        reason = "a prefix that the database keeps for itself"
    return reason and f"its package and table would be `{name}`, which is {reason}"
