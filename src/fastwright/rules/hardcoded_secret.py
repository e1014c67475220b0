"""A secret that is written in the code.

## What it does
Finds a key that signs tokens, a password of a service or a key of an API that is a text in the code: as a variable, as
the default of a setting, as an argument, or as the fallback of `os.getenv`. A one-time
code that is always right is one, too.

## Why it hurts
Whoever can read the repository, now or in its history, can sign tokens as anybody. A default works in production, too:
nobody notices that the variable is missing.

## Bad
```python
import jwt

SECRET_KEY = "f3a1c9e07b5d42d8a6"  # <- found


def sign(claims: dict[str, object]) -> str:
    return jwt.encode(claims, SECRET_KEY, algorithm="HS256")
```

## Good
```python
from pydantic import SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    secret_key: SecretStr
    token_url: str = "/token"


settings = Settings()
```

## Known limits
A text is told to be a secret by the name that it has, or by what it is given to. Tests, examples and empty texts are
left alone.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._accounts import names_in
from fastwright.rules._codes import is_one_time
from fastwright.rules._rule import Class, Found, Function, Module, Rule, Scope, View, at
from fastwright.rules._secret_texts import OF_PROGRAM, could_be, has_password, written_texts
from fastwright.rules._words import words

RULE = Rule("access", "high", ("ASVS 5.0.0 13.3.1", "API8:2023", "CWE-798"))
_NAMED = re.compile(
    r"(?:^|_)(?:secret|secret_?key|jwt_?key|jwt_?secret|signing_?key|private_?key|encryption_?key|api_?key|apikey"
    r"|password|passwd|auth_?token|access_?key|client_?secret|webhook_?secret|(?:admin|api|service|master|internal)_?token|session_?key|pepper|bot_?token)$"
)
_SIGNERS = {
    "encode": 1,
    "decode": 1,
    "Fernet": 0,
    "URLSafeTimedSerializer": 0,
    "URLSafeSerializer": 0,
    "SessionMiddleware": -1,
}
_ABOUT = frozenset(
    {"name", "url", "path", "header", "file", "field", "type", "scheme", "title", "prefix", "length", "id"}
    | {"reason", "event", "action", "error", "message", "label", "status", "code", "column", "subject", "permission"}
)
_KNOWN = re.compile(
    r"^(?:sk_live_|sk-[A-Za-z0-9]{20}|AKIA[0-9A-Z]{16}|ghp_[A-Za-z0-9]{30}|xox[bp]-|-----BEGIN [A-Z ]*PRIVATE KEY)"
)
_IDENTIFIER = re.compile(r"^[a-z]+(?:[_:.-][a-z]+)*$")
_DOTTED = re.compile(r"^[a-z_]+(?:[.:][a-z_]+)+$")

# What a code looks like that is sent to somebody.
_DIGITS = re.compile(r"^\d{4,8}$")
# What signs sessions and tokens with the secret that it is given.
_KEEPING = frozenset({"add_middleware", "Middleware", "SessionMiddleware", "JWTStrategy"})
_NEEDLES = (b"ecret", b"ECRET", b"assw", b"ASSW", b"key", b"KEY", b"oken", b"OKEN", b"://", b"otp", b"code")
# What is hashed so that an unknown user takes as long as a known one.
_NOBODYS = re.compile(r"dummy|decoy|fake|placeholder|nobody|timing|unused", re.IGNORECASE)
_SETTINGS = frozenset(
    {"CONFIG", "CONF", "SETTINGS", "TORTOISE_ORM", "OPTIONS", "SECRETS", "config", "conf", "settings", "secrets"}
)
_FOR_PEOPLE = frozenset(
    {"examples", "example", "docs", "fixtures", "seed", "seeds", "demo"}
    | {"mock", "mocks", "factories", "test", "testing", "locustfile"}
)


def find(view: View) -> Iterator[Found]:
    for module in view.modules:
        if not any(word in module.content for word in _NEEDLES):
            continue
        if _is_for_people(module):
            continue
        seen: set[int] = set()
        for node, name in _written(view, module):
            if node.lineno not in seen:
                seen.add(node.lineno)
                yield at(module, node, f"`{name}` is written in the code")


def _written(view: View, module: Module) -> Iterator[tuple[ast.expr, str]]:
    for name, values in module.values.items():
        texts = [text for one in values for text in _secret(name, one, is_fixed=len(values) == 1)]
        texts = texts or [text for one in values for text in _plain(one) if _is_key(view, name)]
        if texts and not _is_refused(view, name) and not _is_place(view, name):
            yield from ((text, name) for text in texts)
    for name, values in module.values.items():
        yield from (pair for one in values if name in _SETTINGS or _is_account(one) for pair in _in_dictionary(one))
    yield from (found for owner in module.classes for found in _in_class(view, owner))
    for owner in (module, *module.functions):
        scope = view.scope(owner)
        for site in owner.facts.calls:
            yield from _argument(view, site.node, scope)
        if owner is not module:
            yield from _compared(owner)
            for name, bindings in owner.facts.bindings.items():
                yield from (
                    (text, name) for one in bindings if one.kind == "value" for text in _secret(name, one.value)
                )


def _in_class(view: View, owner: Class) -> Iterator[tuple[ast.expr, str]]:
    """Yield the secrets in the body of a class, such as one of settings."""
    is_about = owner.name in ("Config", "Meta") and "." in owner.qualname  # of the class around
    if not is_about and not _is_data(view, owner) and not {"test", "testing", "tests"} & set(words(owner.name)):
        for name, (_annotation, value) in owner.attributes.items():
            texts = [*_secret(name, value), *(_plain(value) if name.endswith("_token_secret") else ())]
            yield from ((text, name) for text in texts if not _is_refused_by(owner, text))


def _in_dictionary(value: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    """Yield the secrets of a dictionary of settings, also of those in it."""
    for key, inner in zip(value.keys, value.values, strict=True) if isinstance(value, ast.Dict) else ():
        yield from _in_dictionary(inner)
        name = str(key.value) if isinstance(key, ast.Constant) else ""
        yield from ((text, name) for text in _secret(name, inner, is_fixed=True))


def _is_account(value: ast.expr) -> bool:
    """Tell a dictionary with somebody's name and password in it."""
    keys = value.keys if isinstance(value, ast.Dict) else []
    named = {str(key.value) for key in keys if isinstance(key, ast.Constant)}
    return "password" in named and bool(named & {"username", "user", "email", "login", "name"})


def _compared(owner: Module | Function) -> Iterator[tuple[ast.expr, str]]:
    """Yield a text that a credential is held against: `if x_api_key != "b7f9c2e15a"`."""
    compared = (node for node in owner.facts.nodes.get(ast.Compare, ()) if isinstance(node, ast.Compare))
    for node in compared:
        sides = (node.left, *node.comparators)
        if len(sides) != 2 or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
            continue
        for side, other in (sides, sides[::-1]):
            name = last_name(side)
            for text, written in written_texts(other) if name else ():
                is_secret = any(one is text for one in _secret(name, other))
                if (is_secret and any(one.isdigit() for one in written)) or (
                    is_one_time(name) and _DIGITS.match(written)
                ):
                    yield text, name


def _is_refused(view: View, name: str) -> bool:
    """Tell a text that the app compares its secret with, to refuse to run with it."""
    for module in view.naming(name):
        for function in module.functions:
            compared = (node for node in function.nodes(ast.Compare) if name in names_in(node))
            if any(compared) and any(function.nodes(ast.Raise)):
                return True
    return False


def _is_place(view: View, name: str) -> bool:
    """Tell a text that says where something is kept: a key of a dictionary, of claims or of a session."""
    for module in view.naming(name):
        for node in ast.walk(module.tree):
            keys: list[ast.expr | None] = []
            if isinstance(node, ast.Dict):
                keys = node.keys
            elif isinstance(node, ast.Subscript):
                keys = [node.slice]
            elif isinstance(node, ast.Call) and last_name(node.func) in ("get", "pop", "setdefault", "has_key"):
                keys = [*node.args[:1]]
            if any(isinstance(one, ast.Name | ast.Attribute) and last_name(one) == name for one in keys):
                return True
    return False


def _is_refused_by(owner: Class, text: ast.expr) -> bool:
    """Tell a text that a validator of its class compares the value with, to refuse it."""
    written = ast.unparse(text)
    refusing = (one for one in owner.methods.values() if any(one.nodes(ast.Raise)))
    return any(written in ast.unparse(node) for one in refusing for node in one.nodes(ast.Compare))


def _plain(value: ast.expr | None) -> Iterator[ast.expr]:
    """Yield a text that is only the word for what it is: a secret if it is used as one."""
    yield from (node for node, text in written_texts(value) if text.lower() == "secret")


def _is_key(view: View, name: str) -> bool:
    """Tell a variable that tokens are signed with: `JWTStrategy(secret=SECRET)`, `jwt.encode(claims, SECRET)`."""
    given = re.compile(rf"(?:secret|key)\s*=\s*{name}\b|\bjwt\.(?:en|de)code\([^()]*\b{name}\b".encode())
    return any(given.search(module.content) for module in view.naming(name))


def _secret(name: str, value: ast.expr | None, *, is_fixed: bool = False) -> Iterator[ast.expr]:
    """Yield the text that a name is set to, if the name is that of a secret and the text could be one."""
    is_fixed = is_fixed and isinstance(value, ast.Constant)
    parts = words(name)
    is_named = bool(parts) and bool(_NAMED.search("_".join(parts))) and not set(parts) & _ABOUT
    for node, text in written_texts(value):
        if parts[-2:] == ("session", "key") and _IDENTIFIER.match(text):
            continue  # where in a session something is kept
        if _DOTTED.match(text) or {"dummy", "fake"} & set(parts):
            continue  # the name of a permission or an event, or what nobody has as a password
        is_known = (_KNOWN.match(text) and len(text) > 12) or has_password(text, is_fixed=is_fixed)
        if is_known or (is_named and (could_be(text) or OF_PROGRAM.match(text))):
            yield node


def _argument(view: View, node: ast.Call, scope: Scope) -> Iterator[tuple[ast.expr, str]]:
    """Yield the key that a token is signed with, if it is a text right there."""
    name = last_name(node.func)
    if name in _SIGNERS:
        path = view.library(node.func, scope)
        position = _SIGNERS[name]
        if path.partition(".")[0] in ("jwt", "jose", "itsdangerous", "cryptography") and 0 <= position < len(node.args):
            yield from (
                (one, "the key")
                for one, text in written_texts(node.args[position])
                if could_be(text) or text.lower() == "secret"
            )
    if _hashes(name) and node.args:
        texts = (one for one, text in written_texts(node.args[0]) if could_be(text) and not _NOBODYS.search(text))
        yield from ((one, "a password") for one in texts)
    for one in node.args:
        is_fixed = isinstance(one, ast.Constant) and _connects(name)
        texts = (found for found, text in written_texts(one) if has_password(text, is_fixed=is_fixed))
        yield from ((found, "the address with its password") for found in texts)
    for one in node.keywords:
        if one.arg and name not in ("Field", "getenv", "add_argument"):
            is_key = one.arg == "key" and name in ("encode", "decode")
            plain = _plain(one.value) if one.arg in ("secret", "secret_key") and name in _KEEPING else ()
            found = _secret("secret_key" if is_key else one.arg, one.value, is_fixed=_connects(name))
            for text in (*found, *plain, *_given_to_database(name, one)):
                is_made = isinstance(view.value(node.func, scope), Class) and not name.endswith("Middleware")
                if not is_made or _is_somebody(node, one.arg):
                    yield text, one.arg


def _given_to_database(name: str, one: ast.keyword) -> Iterator[ast.expr]:
    """Yield a password with which a connection is opened, however simple it is: `connect(password="password")`."""
    is_text = isinstance(one.value, ast.Constant) and isinstance(one.value.value, str) and bool(one.value.value)
    yield from [one.value] if is_text and one.arg in ("password", "passwd") and _connects(name) else []


def _is_somebody(node: ast.Call, option: str) -> bool:
    """Tell an account that is made with a password in the code: `UserCreate(email="admin@shop.test", password=…)`."""
    named = {one.arg for one in node.keywords if isinstance(one.value, ast.Constant)}
    return option == "password" and bool(named & {"username", "user_name", "email", "login", "name"})


def _connects(name: str) -> bool:
    """Tell what opens a database: `create_engine`, `connect`, `register_tortoise`."""
    return bool(set(words(name)) & {"engine", "connect", "tortoise", "client", "database"})


def _hashes(name: str) -> bool:
    """Tell a function that makes the hash of a password: what it is given as a text is one that somebody has."""
    found = set(words(name))
    return bool(found & {"password", "passwd", "pwd"}) and bool(found & {"hash", "hashed", "encrypt"})


def _is_data(view: View, owner: Class) -> bool:
    """Tell a schema, a model or an enum: a text in it is no setting."""
    if view.evaluator.classes.inherits(owner, lambda path: path.startswith("enum.") or "Literal" in path):
        return True
    settings = view.evaluator.classes.inherits(owner, lambda path: path.endswith("BaseSettings"))
    return not settings and (view.fields.is_model(owner) or view.fields.is_schema(owner))


def _is_for_people(module: Module) -> bool:
    """Tell a module that shows or fills something, and is not what is served."""
    return module.path.startswith("tools/") or bool(set(re.split(r"[/._]", module.path)) & _FOR_PEOPLE)
