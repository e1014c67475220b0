"""A password that is hashed too fast.

## What it does
Finds a password, a PIN or an access code that goes through a plain hash (MD5, the SHA family, an HMAC of them), a
scheme of passlib or Werkzeug that is no better, or a slow hash with too few rounds.

## Why it hurts
A graphics card tries billions of SHA-256 in a second; a leaked table of such hashes is a table of passwords. Argon2,
scrypt and bcrypt are made to be slow.

## Bad
```python
import hashlib


def hash_password(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()  # <- found
```

## Good
```python
from pwdlib import PasswordHash

hasher = PasswordHash.recommended()


def hash_password(password: str) -> str:
    return hasher.hash(password)


def fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
```

## Known limits
What is hashed is told to be a password by its name, or by that of the function it is in.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from fastwright.project.source import arguments, last_name
from fastwright.rules._rule import Found, Rule, Scope, Site, View, at
from fastwright.rules._words import is_hash, is_plain_password, words

RULE = Rule("access", "high", ("ASVS 5.0.0 11.4.2", "API2:2023", "CWE-916"))
_FAST = frozenset(
    {"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b", "blake2s", "new"}
)
_WEAK_SCHEMES = (
    frozenset({"md5_crypt", "sha1_crypt", "plaintext", "des_crypt", "hex_md5", "hex_sha1", "hex_sha256", "hex_sha512"})
    | frozenset({"ldap_md5", "ldap_sha1", "ldap_salted_sha1", "ldap_plaintext", "nthash", "lmhash", "unix_disabled"})
    | frozenset({"apr_md5_crypt", "mysql323", "django_salted_md5", "django_salted_sha1", "django_plaintext"})
)
_SLOW = frozenset({"hash", "verify", "hashpw", "checkpw"})
_PBKDF2_ROUNDS = 100_000
# What a call costs, as the name and position of an argument, and the least that is slow enough.
_COSTS = {
    "hashlib.pbkdf2_hmac": ("iterations", 3, _PBKDF2_ROUNDS),
    "hashlib.scrypt": ("n", 9, 8192),
    "bcrypt.gensalt": ("rounds", 0, 10),
    "argon2.PasswordHasher": ("memory_cost", 1, 7000),
    "cryptography.hazmat.primitives.kdf.pbkdf2.PBKDF2HMAC": ("iterations", 3, _PBKDF2_ROUNDS),
}
_ROUNDS = {"bcrypt": 10, "pbkdf2": _PBKDF2_ROUNDS}
_FAST_LIBRARIES = (
    "hashlib.",
    "hmac.",
    "Crypto.Hash.",
    "Cryptodome.Hash.",
    "cryptography.hazmat.primitives.hashes.Hash",
)


def find(view: View) -> Iterator[Found]:
    seen: set[int] = set()
    modules = list(view.naming("hashlib", "hmac", "passlib", "bcrypt", "werkzeug", "cryptography", "Crypto", "argon2"))
    for site, scope in view.sites(modules, lambda _name: True):
        path = view.library(site.node.func, scope)
        message = _weakness(view, site, scope, path) if path else ""
        if message:
            seen.add(id(site.node))
            yield at(site.function or site.module, site.node, message)
    yield from _handed(view, seen)


def _handed(view: View, seen: set[int]) -> Iterator[Found]:
    """Yield a fast hash of what a function was handed as a password."""
    for route in view.routes:
        for call in view.calls(route):
            fast = _fast(call.path)
            if fast and id(call.node) not in seen and _of_password(view, call.site, call.scope):
                if _is_harmless(view, call.site):
                    continue
                seen.add(id(call.node))
                message = f"a password is hashed by {fast}, which is fast to guess"
                yield at(call.site.function or call.site.module, call.node, message, route=route)


def _fast(path: str) -> str:
    """Return the fast hash that a call makes or feeds: `hashlib.md5`, `hashlib.md5().update`, `hmac.new`."""
    steps = path.replace("()", "").split(".")
    if not path.startswith(_FAST_LIBRARIES) or steps[-1] not in {*_FAST, "update", "digest"}:
        return ""
    named = [one for one in steps if one.lower() in _FAST - {"new"}]
    return named[0] if named else "hmac" if steps[0] == "hmac" else "a plain hash"


def _weakness(view: View, site: Site, scope: Scope, path: str) -> str:
    package, last = path.partition(".")[0], path.rpartition(".")[2]
    if path in _COSTS or f"{package}.{last}" in _COSTS:
        name, position, least = _COSTS.get(path) or _COSTS[f"{package}.{last}"]
        cost = view.constants.of(_argument(site.node, position, name), scope)
        return f"{last} with {cost} is fast to guess" if _below(cost, least) else ""
    if package == "passlib":
        return _passlib(view, site, scope, path)
    if last == "generate_password_hash":
        return _werkzeug(view.constants.of(_argument(site.node, 1, "method"), scope))
    fast = _fast(path)
    if fast and _of_password(view, site, scope) and not _is_harmless(view, site):
        return f"a password is hashed by {fast}, which is fast to guess"
    return ""


def _werkzeug(method: object) -> str:
    kind, _, rest = method.partition(":") if isinstance(method, str) else ("", "", "")
    rounds = rest.rpartition(":")[2]
    few = kind == "pbkdf2" and rounds.isdigit() and int(rounds) < _PBKDF2_ROUNDS
    return f"the method {method} is fast to guess" if few or kind in _FAST | {"plain"} else ""


def _passlib(view: View, site: Site, scope: Scope, path: str) -> str:
    steps = path.split(".")
    if steps[-1] == "CryptContext":
        schemes = view.constants.texts(_argument(site.node, 0, "schemes"), scope)
        default = view.constants.texts(_argument(site.node, 9, "default"), scope)
        first = next(iter((*default, *schemes)), "")
        few = [one.arg for one in site.node.keywords if _has_few_rounds(view, one, one.arg or "", scope)]
        return f"the scheme {first} is fast to guess" if first in _WEAK_SCHEMES or few else ""
    weak = next((step for step in steps if step in _WEAK_SCHEMES), "")
    if weak and steps[-1] in ("hash", "encrypt"):
        return f"the scheme {weak} is fast to guess"
    scheme = steps[-2] if len(steps) > 1 else ""
    few = [one for one in site.node.keywords if _has_few_rounds(view, one, f"{scheme}__{one.arg}", scope)]
    return f"{scheme} with so few rounds is fast to guess" if few else ""


def _has_few_rounds(view: View, option: ast.keyword, name: str, scope: Scope) -> bool:
    """Tell `bcrypt__rounds=4`, and `rounds=4` of `bcrypt.using`."""
    scheme, _, what = name.partition("__")
    least = next((value for kind, value in _ROUNDS.items() if scheme.startswith(kind)), 0)
    return what.endswith("rounds") and _below(view.constants.of(option.value, scope), least)


def _of_password(view: View, site: Site, scope: Scope) -> bool:
    """Tell whether what is hashed is a password: by its own name, or by that of the function around."""
    given = arguments(site.node)
    if last_name(site.node.func) in ("new", "digest") and view.library(site.node.func, scope).startswith("hmac."):
        given = given[1:2]
    if any({"key", "token"} & set(words(name)) for one in given for name in _names(one)):
        return False  # long and random, whatever it is handed as
    if any(is_plain_password(name) for one in given for name in _names(one)):
        return True
    if any(is_hash(name) for one in given for name in _names(one)):
        return False
    if any(is_plain_password(origin.name) for one in given for origin in view.origins.of(one, scope)):
        return True
    function = site.function
    return function is not None and bool(given) and _hashes_passwords(function.name) and function.name != "__init__"


def _is_harmless(view: View, site: Site) -> bool:
    """Tell what makes a long password short enough for bcrypt, where whoever calls it hashes the result slowly.

    A list of known passwords is asked by the beginning of a SHA-1, which is harmless, too.
    """
    if any(word in site.module.content for word in (b"pwned", b"hibp")):
        return True
    if site.function is not None and {one.name for one in site.function.calls} & {"hashpw", "checkpw"}:
        return True
    name = site.function.name if site.function else ""
    for module in view.naming(name) if name else ():
        for function in module.functions:
            called = {one.name for one in function.calls}
            if name in called and called & _SLOW:
                return True
    return False


def _hashes_passwords(name: str) -> bool:
    found = set(words(name))
    return bool(found & {"password", "passwd", "pwd", "passcode", "pin"}) and bool(
        found & {"hash", "verify", "check", "get", "encrypt", "make", "set", "digest", "derive"}
    )


def _names(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Name):
            yield one.id
        elif isinstance(one, ast.Attribute):
            yield one.attr


def _argument(node: ast.Call, position: int, name: str) -> ast.expr | None:
    named = next((one.value for one in node.keywords if one.arg == name), None)
    return named or (node.args[position] if len(node.args) > position else None)


def _below(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value < least
