"""The shape of the source: imports run one way, and everything is small enough to be read at once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "fastwright"
MODULE_LINES = 300
FUNCTION_LINES = 40

# From the top: a room may import from itself and from those below, and not from its neighbours.
FLOORS = (
    ("__main__",),
    ("cli", "growth_plugin"),
    ("mcp",),
    ("render",),
    ("agent",),
    ("verbs",),
    ("recipes", "rules", "measure", "diagnose", "scaffold"),
    ("proof",),
    ("changes",),
    ("project",),
    ("design",),
    ("errors",),
    ("__init__",),
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}
# Rendering is for the doors alone: what the agent and the verbs return is data.
DOORS = frozenset({"__main__", "cli", "mcp", "render"})

MODULES = sorted(path for path in SOURCE.rglob("*.py") if "templates" not in path.relative_to(SOURCE).parts)


def by_name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def room(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> Iterator[str]:
    """Yield the room of every import in a module, inside functions and `TYPE_CHECKING` blocks, too."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{by_name(path)}:{node.lineno}: a relative import"
            names = [node.module or ""] if node.module != "fastwright" else [f"fastwright.{a.name}" for a in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            if name.partition(".")[0] == "fastwright":
                first = name.split(".")[1] if "." in name else "__init__"
                yield first if first in FLOOR or not first.startswith("__") else "__init__"


@pytest.mark.parametrize("path", MODULES, ids=by_name)
def test_imports_run_one_way(path: Path) -> None:
    own = room(path)
    for other in imported_rooms(path):
        assert other == own or FLOOR[other] > FLOOR[own], f"{own} must not import from {other}"
        assert other != "render" or own in DOORS, "only the doors render"


@pytest.mark.parametrize("path", MODULES, ids=by_name)
def test_a_module_is_short_and_says_what_it_is_for(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= MODULE_LINES
    assert ast.get_docstring(parsed(path))


@pytest.mark.parametrize("path", MODULES, ids=by_name)
def test_functions_are_short(path: Path) -> None:
    functions = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    long = {node.name: _lines(node) for node in functions if _lines(node) > FUNCTION_LINES}
    assert not long


def test_every_room_has_its_floor() -> None:
    rooms = {room(path) for path in MODULES}
    assert rooms <= set(FLOOR)


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1
