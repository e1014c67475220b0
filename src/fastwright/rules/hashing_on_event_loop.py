"""A password that is hashed on the event loop.

## What it does
Finds argon2, bcrypt, scrypt and PBKDF2 (also through pwdlib and passlib) on the way of an `async def` endpoint or
dependency, outside of a thread. It is reported in the `async def`, where the hash or a helper that hashes is called:
the helper itself is right, a plain `def` may call it.

## Why it hurts
Such a hash is made to take a tenth of a second or more. On the event loop, all other requests of the process wait for
every login, and a few logins at once are a denial of service.

## Bad
```python
from fastapi import FastAPI
from pwdlib import PasswordHash

from shop.accounts import stored_hash

app = FastAPI()
hasher = PasswordHash.recommended()


@app.post("/check", status_code=200)
async def check_password(name: str, secret: str) -> bool:
    return hasher.verify(secret, stored_hash(name))  # <- found
```

## Good
```python
from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from pwdlib import PasswordHash

from shop.accounts import stored_hash

app = FastAPI()
hasher = PasswordHash.recommended()


@app.post("/check", status_code=200)
async def check_password(name: str, secret: str) -> bool:
    return await run_in_threadpool(hasher.verify, secret, stored_hash(name))
```

## Known limits
A hash behind an interface that is not followed, such as a plugin, is not seen.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.changes import Change
from fastwright.rules._edits import made_sync, replaced
from fastwright.rules._rule import Called, Found, Rule, Site, View, at
from fastwright.rules._ways import ways

RULE = Rule("data", "medium", ("API4:2023", "CWE-400"))
_HASHES = frozenset({"hash", "verify", "verify_and_update", "hashpw", "checkpw", "encrypt", "kdf", "str"})
_PACKAGES = ("pwdlib.", "passlib.", "argon2.", "bcrypt.", "fastapi_users.password.", "nacl.pwhash.", "flask_bcrypt.")
_DERIVING = ("cryptography.hazmat.primitives.kdf.scrypt", "cryptography.hazmat.primitives.kdf.pbkdf2")
_FUNCTIONS = frozenset(
    {"hashlib.pbkdf2_hmac", "hashlib.scrypt", "werkzeug.security.generate_password_hash"}
    | {"werkzeug.security.check_password_hash", "crypt.crypt", "scrypt.hash"}
)


def find(view: View) -> Iterator[Found]:
    seen: set[int] = set()
    for route, call in ways(view):
        if call.within.threaded or call.is_deferred or not _hashes(call) or _is_kept(call):
            continue
        site = call.on_loop
        is_waited_for = route is not None or (site.function is not None and site.function.is_async)
        if is_waited_for and id(site.node) not in seen:
            seen.add(id(site.node))
            message = f"`{call.name}` of {call.path.partition('.')[0]} works on the event loop"
            message += "" if site is call.site else call.place
            yield at(site.function or site.module, site.node, message, route=route, site=site)


def _hashes(call: Called) -> bool:
    if call.path in _FUNCTIONS:
        return True
    if call.path.startswith(_DERIVING):
        return call.name in ("derive", "verify")
    return call.path.startswith(_PACKAGES) and call.name in _HASHES


def fix(view: View, found: Found) -> Change | None:
    """Return the change that hashes in a thread: by a plain `def`, or where something is awaited by handing it over."""
    summary = "hash in a thread"
    edit = made_sync(view, found.route)
    if edit is not None:
        return Change(summary=summary, operations=(edit,))
    site: Site = found.facts["site"]
    if site.function is None or not site.function.is_async or site.around.loops:
        return None
    if any(one.arg is None for one in site.node.keywords):
        return None
    named = [f"{one.arg}={ast.unparse(one.value)}" for one in site.node.keywords]
    text = ", ".join([ast.unparse(site.node.func), *(ast.unparse(one) for one in site.node.args), *named])
    edit = replaced(site.module, site.node, f"await run_in_threadpool({text})")
    if edit is None:
        return None
    from fastwright.changes.add_import import AddImport  # noqa: PLC0415 - what edits Python is slow to import

    needed = AddImport(file=site.module.path, module="fastapi.concurrency", name="run_in_threadpool")
    return Change(summary=summary, operations=(edit, needed))


def _is_kept(call: Called) -> bool:
    """Tell a key that is derived once, and kept in a variable of the module."""
    function = call.site.function
    return function is not None and any(isinstance(one, ast.Global) for one in ast.walk(function.node))
