"""What names say: the words in them, and whether they are those of secrets, passwords or privileges."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

_PASSWORD = frozenset({"password", "passwd", "pwd", "passphrase", "passcode", "contrasena", "contrasenia", "senha"})
_PASSWORD_PAIRS = frozenset({("access", "code"), ("pass", "code"), ("pass", "phrase"), ("pass", "word")})
_SECRET = frozenset({"secret", "totp", "otp", "mfa", "salt", "cvv", "cvc", "ssn"}) | _PASSWORD
_SECRET_PAIRS = (
    ("private", "key"), ("signing", "key"), ("encryption", "key"), ("recovery", "code"), ("recovery", "codes"),
    ("backup", "codes"), ("security", "answer"), ("card", "number"), ("token", "hash"), ("hashed", "token"),
    ("key", "hash"), ("reset", "token"), ("verification", "token"), ("refresh", "hash"), ("hashed", "key"),
    ("reset", "code"), ("activation", "token"), ("hashed", "pass"), ("pass", "hash"), ("pw", "hash"),
)  # fmt: skip
# What is said about a secret, rather than the secret itself.
_ABOUT = frozenset(
    {"at", "changed", "updated", "expires", "expiry", "expired", "has", "is", "min", "max", "length", "required"}
    | {"enabled", "strength", "hint", "count", "age", "policy", "set", "valid", "verified", "name", "id", "url", "type"}
    | {
        "attempts",
        "date",
        "needs",
        "must",
        "reset_at",
        "last",
        "confirmed",
        "public",
        "expire",
        "days",
        "remaining",
        "left",
        "label",
        "prefix",
        "on",
        "used",
    }
)


@cache
def words(name: str) -> tuple[str, ...]:
    """Return the words of a name: `userID` and `user_id` are both `user` and `id`."""
    parts = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)
    return tuple(part.lower() for part in parts)


@cache
def is_password(name: str) -> bool:
    """Tell the name of a password, a PIN or an access code, or of what is made of one; `pin_code` is a postal code."""
    parts = words(name)
    found = set(parts)
    is_pin = "pin" in found and (parts[-1] == "pin" or is_hash(name))
    is_one = bool(found & _PASSWORD) or is_pin or any(pair in _PASSWORD_PAIRS for pair in pairwise(parts))
    return is_one and not found & _ABOUT


# How functions are decorated that a queue hands to another process.
WORKERS = frozenset({"task", "shared_task", "actor"})


def is_plain_password(name: str) -> bool:
    """Tell the name of a password that is not hashed yet."""
    return is_password(name) and not is_hash(name)


def is_hash(name: str) -> bool:
    """Tell the name of something hashed or encrypted."""
    return bool(set(words(name)) & {"hash", "hashed", "digest", "encrypted", "crypted", "enc", "encriptado", "cifrado"})


def is_secret(name: str) -> bool:
    """Tell the name of what no response should have in it."""
    parts = words(name)
    if set(parts) & _ABOUT:
        return False
    pairs = set(pairwise(parts))
    if is_password(name) and (is_hash(name) or parts[-1] == "pin"):
        return True
    return bool(set(parts) & (_SECRET - {"otp", "mfa"}) or pairs & set(_SECRET_PAIRS)) or parts in (
        ("otp",), ("otp", "secret"), ("mfa", "secret"),
    )  # fmt: skip


def is_privilege(name: str) -> bool:
    """Tell the name of what decides what somebody may do, or of what they own in money."""
    parts = set(words(name))
    flags = {"admin", "superuser", "superadmin", "staff", "moderator", "role", "roles", "permission", "permissions"}
    rights = {"privileges", "scopes", "balance", "credits", "credit", "verified", "approved", "banned"}
    about = {"at", "by", "date", "name", "description", "label", "mode", "min", "max", "limit", "auto", "type"}
    about |= {"minimum", "maximum"}
    if "staff" in parts and words(name)[-1] != "staff":
        parts.discard("staff")  # what is about people who work there: `staff_unit_id`
    return bool(parts & (flags | rights)) and not parts & about


_OWNERS = ("user", "owner", "customer", "account", "member", "client", "patient", "tenant", "buyer", "holder")
_AUTHORS = ("author", "creator", "created", "poster", "uploader", "seller", "employee", "student")


def is_owner(name: str) -> bool:
    """Tell a column that says whose something is, such as `owner_id`, and not only who wrote it."""
    parts = words(name)
    is_key = parts[-1:] in (("id",), ("uuid",), ("pk",))
    return is_key and "by" not in parts and parts[-2:-1] != () and parts[-2] in _OWNERS


def is_author(name: str) -> bool:
    """Tell a column that says who did something, such as `author_id`, `created_by` or `approved_by_user_id`."""
    parts = words(name)
    return any(part in (*_AUTHORS, "by") for part in parts) and (parts[-1] in ("id", "by", "uuid"))
