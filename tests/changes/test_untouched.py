"""Whatever a module looks like: an operation changes one statement and the imports, and not a byte beside them."""

from __future__ import annotations

import ast
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hypothesis import HealthCheck, given, settings

from fastwright.changes import Applied, Unchanged
from fastwright.changes.operation import read_operation
from tests.changes.modules import FILE, Drawn, modules

Import = ast.Import | ast.ImportFrom


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(modules())
def test_only_what_must_change_does(drawn: Drawn) -> None:
    before = drawn.source
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, FILE)
        file.parent.mkdir()
        (file.parent / "__init__.py").touch()
        file.write_bytes(before)
        operation = read_operation(drawn.operation)
        outcome = operation.apply(Path(directory))
        assert isinstance(outcome, Applied), outcome
        after = file.read_bytes()
        assert isinstance(operation.apply(Path(directory)), Unchanged)
        assert file.read_bytes() == after
    compile(after, FILE, "exec", dont_inherit=True)
    assert after.startswith(b"\xef\xbb\xbf") == before.startswith(b"\xef\xbb\xbf")
    assert (b"\r\n" in before) == (b"\r\n" in after)
    assert_same_statements(ast.parse(before), ast.parse(after), drawn.touched)
    assert list(lines_beside(before, drawn.touched)) == list(lines_beside(after, drawn.touched))


def assert_same_statements(before: ast.Module, after: ast.Module, touched: str) -> None:
    """Every statement is there in its order and means the same, but for imports and the one that is touched."""
    assert imported(before) <= imported(after)
    assert list(untouched(before, touched)) == list(untouched(after, touched))
    # Of the one that is touched, what is not about dependencies and parameters is the same, too.
    assert list(bodies(before, touched)) == list(bodies(after, touched))


def untouched(module: ast.Module, touched: str) -> Iterator[str]:
    return (ast.dump(node) for node in module.body if not isinstance(node, Import) and not is_touched(node, touched))


def is_touched(node: ast.stmt, touched: str) -> bool:
    if touched.startswith("+"):
        return ast.unparse(node).startswith((f"{touched[1:]}(users", f"{touched[1:]}(Timing"))
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return node.name == touched
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(isinstance(target, ast.Name) and target.id == touched for target in targets)


def bodies(module: ast.Module, touched: str) -> Iterator[str]:
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == touched:
            yield from (ast.dump(part) for part in node.body)
            for decorator in node.decorator_list:
                assert isinstance(decorator, ast.Call)
                yield from (ast.dump(arg) for arg in decorator.args)
                yield from (ast.dump(word) for word in decorator.keywords if word.arg != "dependencies")
            known = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
            yield from (ast.dump(parameter) for parameter in known if parameter.arg not in {"user", "z"})


def imported(module: ast.Module) -> set[tuple[str, int, str, str | None]]:
    found: set[tuple[str, int, str, str | None]] = set()
    for node in module.body:
        if isinstance(node, ast.Import):
            found |= {("", 0, alias.name, alias.asname) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "", node.level, alias.name, alias.asname) for alias in node.names}
    return found


def lines_beside(source: bytes, touched: str) -> Iterator[bytes]:
    """Yield all lines, comments too, that are not of an import or of what is touched; blank ones may be added."""
    module = ast.parse(source)
    inside: set[int] = set()
    for node in module.body:
        if isinstance(node, Import) or is_touched(node, touched):
            assert node.end_lineno
            inside.update(range(node.lineno, node.end_lineno + 1))
            # Of a function, only the head is touched; what is in its body is beside it.
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inside.update(range(node.decorator_list[0].lineno, node.lineno))
                inside.difference_update(range(node.body[0].lineno + 1, node.end_lineno + 1))
    lines = source.removeprefix(b"\xef\xbb\xbf").splitlines()
    return (line for number, line in enumerate(lines, start=1) if number not in inside and line.strip())
