"""What new code uses of libraries, by the name under which it does."""

from __future__ import annotations

from fastwright.changes.wanted import Import

_MODULES: dict[str, tuple[str, ...]] = {
    "collections.abc": ("AsyncIterator", "Callable", "Iterator", "Sequence"),
    "dataclasses": ("dataclass",),
    "datetime": ("date", "datetime", "timedelta", "timezone"),
    "decimal": ("Decimal",),
    "email.message": ("EmailMessage",),
    "enum": ("Enum", "StrEnum"),
    "fastapi": ("APIRouter", "BackgroundTasks", "Depends", "HTTPException", "Query", "Request", "Response", "status"),
    "fastapi.concurrency": ("run_in_threadpool",),
    "fastapi.security": ("OAuth2PasswordBearer", "OAuth2PasswordRequestForm"),
    "functools": ("cache",),
    "pwdlib": ("PasswordHash",),
    "pwdlib.hashers.argon2": ("Argon2Hasher",),
    "argon2": ("PasswordHasher",),
    "argon2.exceptions": ("InvalidHashError", "VerifyMismatchError"),
    "pydantic": (
        "AfterValidator",
        "BaseModel",
        "ConfigDict",
        "EmailStr",
        "Field",
        "SecretStr",
        "StringConstraints",
        "field_validator",
    ),
    "sqlalchemy": (
        "JSON",
        "Boolean",
        "Column",
        "Date",
        "DateTime",
        "Float",
        "ForeignKey",
        "Integer",
        "Numeric",
        "String",
        "Table",
        "Text",
        "Uuid",
        "delete",
        "func",
        "select",
        "update",
    ),
    "sqlalchemy.exc": ("IntegrityError",),
    "sqlalchemy.orm": ("Mapped", "mapped_column", "relationship"),
    "typing": ("Annotated", "Any", "Literal", "Protocol"),
    "urllib.parse": ("parse_qs", "unquote", "urlsplit"),
    "uuid": ("UUID", "uuid4"),
}
_WHOLE = (
    "base64",
    "binascii",
    "hashlib",
    "hmac",
    "json",
    "jwt",
    "os",
    "pytest",
    "re",
    "secrets",
    "smtplib",
    "ssl",
    "time",
    "uuid",
)

LIBRARIES: dict[str, Import] = {
    **{name: Import(module=module, name=name) for module, names in _MODULES.items() for name in names},
    **{name: Import(module=name) for name in _WHOLE},
}
