"""How the tests of an app talk to it: by which fixture or variable, in which file, and with `await` or without."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastwright.project.source import Definition, Function, SourceFile, assigned, called, last_name
from fastwright.recipes._recipe import Known

_CLIENTS = frozenset({"TestClient", "AsyncClient", "Client"})


@dataclass(frozen=True)
class TestStyle:
    """`client` is what requests are sent with, and `given` the fixture that a test takes for it, if there is one.

    `file` is where that stands; asynchronous tests carry `mark`, if they need one here.
    """

    client: str
    given: str
    file: str
    is_async: bool
    mark: str
    directory: str

    @property
    def is_shared(self) -> bool:
        """Whether a new file of tests has it, too."""
        return bool(self.given) and PurePosixPath(self.file).name == "conftest.py"


def test_style(known: Known) -> TestStyle | None:
    """Return how tests are written, or nothing if there are none, or none of them sends requests."""
    if not any(PurePosixPath(file.path).name != "conftest.py" and _has_tests(file) for file in known.source.tests):
        return None
    tests = sorted(known.source.tests, key=lambda file: (not file.path.endswith("conftest.py"), len(file.path)))
    for file in tests:
        for node in file.tree.body:
            if isinstance(node, Function) and _is_fixture(node) and (client := _client(node)):
                return _style(known, file, client, node.name, is_async=_uses(node, "AsyncClient"))
    for file in tests:
        for name, line in file.assignments.items():
            value = next((n for n in file.tree.body if isinstance(n, ast.Assign) and n.lineno == line), None)
            if value is not None and called(value.value) == "TestClient":
                return _style(known, file, name, _asked_for(file), is_async=False)
    cases = [file for file in tests if _has_tests(file) and PurePosixPath(file.path).name != "conftest.py"]
    return next((_style(known, file, made, "", is_async=False) for file in cases for made in _made(file)), None)


def _asked_for(file: SourceFile) -> str:
    """Return the fixture that most tests of a file take beside its client, such as one that makes the tables."""
    functions = [node for node in file.tree.body if isinstance(node, Function)]
    fixtures = {node.name for node in functions if _is_fixture(node)}
    tests = [node for node in functions if node.name.startswith("test")]
    taken = Counter(one.arg for node in tests for one in node.args.args if one.arg in fixtures)
    name, count = taken.most_common(1)[0] if taken else ("", 0)
    return name if count * 2 > len(tests) else ""


def _made(file: SourceFile) -> Iterator[str]:
    """Yield how tests make a client of their own, in a function or a `setUp`, of names that the whole module has."""
    known = {name for node in file.tree.body for name in _bound(node)}
    for node in file.nodes:
        if isinstance(node, ast.Call) and called(node) == "TestClient" and not node.keywords:
            names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
            if names <= known:
                yield ast.unparse(node)


def _bound(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement at the top of a module binds."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    elif isinstance(node, Definition):
        yield node.name
    else:
        yield from (target.id for target in assigned(node) if isinstance(target, ast.Name))


def _has_tests(file: SourceFile) -> bool:
    return any(isinstance(node, Function) and node.name.startswith("test") for node in file.nodes)


def _style(known: Known, file: SourceFile, client: str, given: str, *, is_async: bool) -> TestStyle:
    mark = _mark(known) if is_async else ""
    return TestStyle(client, given, file.path, is_async, mark, str(_directory(known, file, given)))


def _directory(known: Known, file: SourceFile, given: str) -> PurePosixPath:
    """Return where tests with the client are: beside it, or in the folder below with most of those that take it."""
    here = PurePosixPath(file.path).parent
    tests = [one for one in known.source.tests if PurePosixPath(one.path).name.startswith("test_")]
    if any(PurePosixPath(one.path).parent == here for one in tests):
        return here
    takers = Counter(
        PurePosixPath(one.path).parent
        for one in tests
        for node in one.nodes
        if isinstance(node, Function) and given in {argument.arg for argument in node.args.args}
    )
    return max(takers, key=lambda folder: takers[folder], default=here)


def _is_fixture(node: Function) -> bool:
    return any("fixture" in (called(one), last_name(one)) for one in node.decorator_list)


def _client(fixture: Function) -> str:
    """Return how a test gets its client from a fixture: it is one, or makes one when it is called."""
    if _gives_client(fixture):
        return fixture.name
    makers = [node for node in fixture.body if isinstance(node, Function) and _gives_client(node)]
    given = {last_name(node.value) for node in _of(fixture) if isinstance(node, ast.Yield | ast.Return)}
    return f"{fixture.name}()" if any(_is_simple(node) and node.name in given for node in makers) else ""


def _is_simple(node: Function) -> bool:
    """Tell whether it can be called without arguments, and without `await`."""
    return isinstance(node, ast.FunctionDef) and len(node.args.args) == len(node.args.defaults)


def _gives_client(node: Function) -> bool:
    """Tell a function that makes a client, and gives it to the test."""
    inside = list(_of(node))
    given = [inner.value for inner in inside if isinstance(inner, ast.Yield | ast.Return)]
    names = {
        last_name(item.optional_vars)
        for inner in inside
        if isinstance(inner, ast.With | ast.AsyncWith)
        for item in inner.items
        if called(item.context_expr) in _CLIENTS
    }
    names |= {
        last_name(inner.targets[0])
        for inner in inside
        if isinstance(inner, ast.Assign) and called(inner.value) in _CLIENTS
    }
    return any(value is not None and (called(value) in _CLIENTS or last_name(value) in names - {""}) for value in given)


def _of(function: Function) -> Iterator[ast.AST]:
    """Yield the nodes of a function, those of functions inside it left out."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Function):
            yield node
            waiting.extend(ast.iter_child_nodes(node))


def _uses(node: ast.AST, name: str) -> bool:
    return any(called(inner) == name for inner in ast.walk(node))


def _mark(known: Known) -> str:
    """Return the mark that asynchronous tests carry here, such as `pytest.mark.anyio`."""
    for file in known.source.tests:
        for node in ast.walk(file.tree):
            if (
                isinstance(node, ast.Attribute)
                and node.attr in ("anyio", "asyncio")
                and last_name(node.value) == "mark"
            ):
                return ast.unparse(node)
    return ""
