"""One app in every shape: the same endpoints, right and wrong, in each way of writing sessions, queries and layers.

An operation is written once, in `corpus/_shapes/operations.py`, and spelled out as a `Shape` has it. Its name is that
of the endpoint, and of the functions of services and repositories where the shape has them, so that a finding can be
told by the function that it stands in.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path

PARTS = Path(__file__).parent / "corpus" / "_shapes"
# What is found outside of operations.
BESIDE = frozenset(
    {
        ("commit-after-response", "get_saving_session"),
        ("float-money", "Invoice"),
        ("shared-session", ""),
        ("unattached-guard", "require_admin"),
        ("unindexed-foreign-key", "Invoice"),
    }
)
# What of a session is awaited where that is async; the others do not ask the database.
AWAITED = frozenset({"commit", "delete", "execute", "rollback"})


@dataclass(frozen=True)
class Shape:
    """How an app is written."""

    orm: str  # "2.0", "sqlmodel" or "legacy"
    is_async: bool
    annotated: bool
    layers: str  # "endpoint", "service" (functions) or "repository" (classes, two calls away)
    nested: bool
    blocks: bool = False  # a session that is not async, in endpoints that are

    @property
    def name(self) -> str:
        concurrency = "async" if self.is_async else "sync in async endpoints" if self.blocks else "sync"
        routers = "nested routers" if self.nested else "one router"
        return ", ".join((self.orm, concurrency, "Annotated" if self.annotated else "default", self.layers, routers))

    @property
    def define(self) -> str:
        return "async def" if self.is_async else "def"

    @property
    def waits(self) -> str:
        return "await " if self.is_async else ""

    @property
    def session(self) -> str:
        return "AsyncSession" if self.is_async else "Session"

    def given(self, name: str, kind: str, dependency: str) -> str:
        """Return a parameter that is a dependency."""
        needs = f"Depends({dependency})"
        return f"{name}: Annotated[{kind}, {needs}]" if self.annotated else f"{name}: {kind} = {needs}"

    def spelled(self, text: str) -> str:
        """Return code with `rows(…)`, `save()` and `later(…)` as this shape has them."""
        return ast.unparse(_Spelling(self).visit(ast.parse(text)))


def shapes() -> tuple[Shape, ...]:
    """Return every shape; the legacy query is never async."""
    every = product(
        ("2.0", "sqlmodel", "legacy"),
        ((False, False), (True, False), (False, True)),
        (True, False),
        ("endpoint", "service", "repository"),
        (False, True),
    )
    found = (
        Shape(orm, is_async, annotated, layers, nested, blocks)
        for orm, (is_async, blocks), annotated, layers, nested in every
    )
    return tuple(shape for shape in found if shape.orm != "legacy" or not shape.is_async)


class _Spelling(ast.NodeTransformer):
    """Writes what is written for all shapes as one has it."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        name = ast.unparse(node.func)
        if name == "rows":
            return self._expression(self._rows(node))
        if name == "save":
            return self._expression(f"{self.shape.waits}session.commit()")
        if name == "later":
            call, *given = map(ast.unparse, node.args)
            on_loop = f"{call}({', '.join(given)})"
            return self._expression(
                f"await run_in_threadpool({call}, {', '.join(given)})" if self.shape.is_async else on_loop
            )
        owner, _dot, method = name.rpartition(".")
        return ast.Await(node) if self.shape.is_async and owner == "session" and method in AWAITED else node

    def _rows(self, node: ast.Call) -> str:
        model, *conditions = map(ast.unparse, node.args)
        options = {word.arg: ast.unparse(word.value) for word in node.keywords}
        where = "filter" if self.shape.orm == "legacy" else "where"
        query = f".{where}({', '.join(conditions)})" if conditions else ""
        query += "".join(f".{option}({options[option]})" for option in ("options", "limit") if option in options)
        if self.shape.orm == "legacy":
            return f"session.query({model}){query}"
        read = "exec" if self.shape.orm == "sqlmodel" else "scalars"
        return f"({self.shape.waits}session.{read}(select({model}){query}))"

    @staticmethod
    def _expression(text: str) -> ast.expr:
        return ast.parse(text, mode="eval").body


@dataclass(frozen=True)
class Operation:
    """A function of `operations.py`."""

    node: ast.FunctionDef

    @property
    def name(self) -> str:
        return self.node.name

    @cached_property
    def marks(self) -> dict[str, str]:
        """Return its decorators, by their first name."""
        texts = map(ast.unparse, self.node.decorator_list)
        return {re.split(r"\W", text)[0]: text for text in texts}

    @property
    def takes(self) -> list[str]:
        return [one.arg for one in self.node.args.args]

    @property
    def body(self) -> str:
        return "\n".join(map(ast.unparse, self.node.body))

    @property
    def returns(self) -> str:
        return f" -> {ast.unparse(self.node.returns)}" if self.node.returns else ""

    @property
    def asks(self) -> bool:
        """Whether it asks the database, or hashes, by itself."""
        return re.search(r"\b(rows|save)\(|session\.(delete|execute)", self.body) is not None

    def parameters(self) -> list[str]:
        """Return its parameters as an endpoint has them, but for the caller."""
        first = len(self.node.args.args) - len(self.node.args.defaults)
        defaults = ["", *(f" = {ast.unparse(one)}" for one in self.node.args.defaults)]
        return [
            ast.unparse(one) + defaults[max(0, place - first + 1)]
            for place, one in enumerate(self.node.args.args)
            if one.arg != "user"
        ]

    def breaks(self, shape: Shape) -> set[str]:
        """Return the rules that find something in it."""
        found = set(re.findall(r"'([a-z-]+)'", self.marks.get("breaks", "")))
        waits = shape.is_async or shape.blocks
        found |= {"blocking-call-in-async-endpoint"} if shape.blocks and self.asks else set()
        found |= {"hashing-on-event-loop"} if shape.blocks and "later(" in self.body else set()
        return found if waits else found - {"hashing-on-event-loop"}


def operations() -> tuple[Operation, ...]:
    tree = ast.parse((PARTS / "operations.py").read_text(encoding="utf-8"))
    return tuple(Operation(node) for node in tree.body if isinstance(node, ast.FunctionDef))


def expected(shape: Shape) -> set[tuple[str, str]]:
    """Return what is wrong: each rule with the function or class in which it is."""
    return {(rule, one.name) for one in operations() for rule in one.breaks(shape)} | BESIDE


def files(shape: Shape) -> dict[str, str]:
    """Return the app in a shape, by path."""
    models = PARTS / ("sqlmodel_models.py" if shape.orm == "sqlmodel" else "models.py")
    found = {
        "studio/__init__.py": "",
        "studio/database.py": _database(shape),
        "studio/models.py": models.read_text(encoding="utf-8"),
        "studio/schemas.py": (PARTS / "schemas.py").read_text(encoding="utf-8"),
        "studio/security.py": _security(shape),
        "studio/routes.py": _routes(shape),
        "studio/main.py": (PARTS / ("nested_main.py" if shape.nested else "main.py")).read_text(encoding="utf-8"),
    }
    if shape.layers == "service":
        found["studio/services.py"] = _head(shape) + "".join(_function(shape, one, "session") for one in operations())
    if shape.layers == "repository":
        found["studio/layers.py"] = "".join(_classes(shape))
    return found


def _database(shape: Shape) -> str:
    kind = "async_" if shape.is_async else ""
    text = (PARTS / f"{kind}database.py").read_text(encoding="utf-8")
    return text.replace("sqlalchemy.orm import Session", "sqlmodel import Session") if shape.orm == "sqlmodel" else text


def _head(shape: Shape) -> str:
    text = (PARTS / "head.py").read_text(encoding="utf-8")
    home = {("sqlmodel", True): "sqlmodel.ext.asyncio.session", ("sqlmodel", False): "sqlmodel"}
    other = "sqlalchemy.ext.asyncio" if shape.is_async else "sqlalchemy.orm"
    library = "sqlmodel" if shape.orm == "sqlmodel" else "sqlalchemy"
    session = f"from {home.get((shape.orm, shape.is_async), other)} import {shape.session}\n"
    return f"{session}from {library} import select\n{text}"


def _security(shape: Shape) -> str:
    text = (PARTS / "security.py").read_text(encoding="utf-8")
    tree = ast.parse(
        _head(shape).replace("from studio.security import get_current_user, hasher, remember\n", "") + text
    )
    user, session = (
        shape.given("user", "User", "get_current_user"),
        shape.given("session", shape.session, "get_session"),
    )
    signatures = {"get_current_user": f"{shape.given('token', 'str', 'scheme')}, {session}", "require_admin": user}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name in signatures:
            parsed = ast.parse(f"def given({signatures[node.name]}): ...").body[0]
            assert isinstance(parsed, ast.FunctionDef)
            node.args = parsed.args
    spelled = shape.spelled(ast.unparse(tree))
    return re.sub(r"^def ", f"{shape.define} ", spelled, flags=re.MULTILINE)


def _function(shape: Shape, one: Operation, first: str, *, body: str = "", margin: str = "") -> str:
    names = ", ".join((first, *one.takes))
    text = f"\n\n{shape.define} {one.name}({names}):\n{_indented(shape.spelled(body or one.body))}\n"
    return "\n".join(margin + line if line else line for line in text.split("\n")) if margin else text


def _routes(shape: Shape) -> str:
    text = _head(shape) + {
        "service": "from studio import services\n",
        "repository": "from studio.layers import Projects\n",
    }.get(shape.layers, "")
    text += "\nrouter = APIRouter()\n"
    for one in operations():
        given = [] if "for_strangers" in one.marks else [shape.given("user", "User", "get_current_user")]
        if shape.layers == "repository" and "saves_later" not in one.marks:
            given.append(shape.given("projects", "Projects", "Projects" if shape.annotated else ""))
        else:
            source = "get_saving_session" if "saves_later" in one.marks else "get_session"
            given.append(shape.given("session", shape.session, source))
        ordered = sorted([*one.parameters(), *given], key=lambda each: " = " in each)
        define = "async def" if shape.blocks else shape.define
        text += f"\n\n@{one.marks['router']}\n{define} {one.name}({', '.join(ordered)}){one.returns}:\n"
        call = {
            "endpoint": shape.spelled(one.body),
            "service": f"return {shape.waits}services.{one.name}({', '.join(('session', *one.takes))})",
            "repository": f"return {shape.waits}projects.{one.name}({', '.join(one.takes)})",
        }["endpoint" if "saves_later" in one.marks else shape.layers]
        text += _indented(call) + "\n"
    return text


def _classes(shape: Shape) -> Iterator[str]:
    yield _head(shape)
    yield f"\n\nclass Rows:\n    def __init__(self, {shape.given('session', shape.session, 'get_session')}) -> None:\n"
    yield "        self.session = session\n"
    for one in operations():
        body = re.sub(r"\bsession\b", "self.session", shape.spelled(one.body))
        yield _function(shape, one, "self", body=body, margin="    ")
    yield f"\n\nclass Projects:\n    def __init__(self, {shape.given('rows', 'Rows', 'Rows')}) -> None:\n"
    yield "        self.rows = rows\n"
    for one in operations():
        call = f"return {shape.waits}self.rows.{one.name}({', '.join(one.takes)})"
        yield _function(shape, one, "self", body=call, margin="    ")


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())
