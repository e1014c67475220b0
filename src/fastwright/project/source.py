"""The source of a project: its files parsed once, and where in them every name is defined."""

from __future__ import annotations

import ast
import os
import threading
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from fastwright.project.syntax import in_older_words

# Never part of a project: what others wrote, and what tools left behind.
SKIPPED = frozenset(
    {".git", ".hg", ".svn", ".tox", ".nox", "node_modules", "site-packages", ".mypy_cache", ".ruff_cache"}
    | {".pytest_cache", ".hypothesis", ".idea", ".vscode", "htmlcov", ".eggs", ".venv", "venv"}
)
_TEST_DIRECTORIES = frozenset({"tests", "test", "testing"})
_MAX_BYTES = 2_000_000

_PARSING = threading.Lock()
_PARSING_ALL = threading.Lock()

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef


def is_test(path: str) -> bool:
    """Tell the file of a test, or of what tests need."""
    *folders, name = PurePosixPath(path).parts
    return (
        bool(_TEST_DIRECTORIES.intersection(folders))
        or name.startswith("test_")
        or name.endswith(("_test.py", "_tests.py"))
        or name == "conftest.py"
    )


@dataclass(frozen=True)
class SourceFile:
    """One module, parsed as soon as its tree is asked for; `unread` is why there is nothing to parse."""

    path: str
    content: bytes
    unread: str = ""

    @cached_property
    def _parsed(self) -> tuple[ast.Module, tuple[int, str] | None]:
        empty = ast.Module(body=[], type_ignores=[])
        if self.unread:
            return empty, (1, self.unread)
        try:
            return parsed(self.content, self.path), None
        except SyntaxError as error:
            return empty, (error.lineno or 1, error.msg)
        except (ValueError, RecursionError, MemoryError) as error:
            return empty, (1, str(error) or type(error).__name__)

    @property
    def tree(self) -> ast.Module:
        """What is written in it: nothing, if it cannot be parsed."""
        return self._parsed[0]

    @property
    def problem(self) -> tuple[int, str] | None:
        """The line at which it cannot be parsed, and why."""
        return self._parsed[1]

    @property
    def is_test(self) -> bool:
        return is_test(self.path)

    @cached_property
    def definitions(self) -> dict[str, list[Definition]]:
        """Every function and class by its qualified name; a name can be defined more than once."""
        found: dict[str, list[Definition]] = {}
        for name, node in _definitions(self.tree.body, ""):
            found.setdefault(name, []).append(node)
        return found

    @cached_property
    def assignments(self) -> dict[str, int]:
        """The lines on which the variables of the module are set."""
        lines: dict[str, int] = {}
        for node in self.tree.body:
            for target in assigned(node):
                if isinstance(target, ast.Name):
                    lines[target.id] = node.lineno
        return lines

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the tree, in the order of `ast.walk`, which is slow enough to be done once."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def imports(self) -> tuple[tuple[str, str], ...]:
        """Each import as the module, with its leading dots, and the name that is taken from it."""
        found: list[tuple[str, str]] = []
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found += ((alias.name, "") for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                found += (("." * node.level + (node.module or ""), alias.name) for alias in node.names)
        return tuple(found)


@dataclass(frozen=True)
class Source:
    """All modules of a project, by their path from its root; none is parsed before it is asked for.

    `texts` are files beside them that say something about its database, if whoever reads the project wants these.
    """

    root: Path
    files: dict[str, SourceFile] = field(default_factory=dict[str, SourceFile])
    texts: dict[str, bytes] = field(default_factory=dict[str, bytes])

    @classmethod
    def read(cls, root: Path, known: Mapping[str, SourceFile] = MappingProxyType({})) -> Source:
        """Return every Python file below `root` that is the project's own; what is `known` is not read again."""
        return cls(root, {path: known.get(path) or _read(root, path) for path in python_files(root)})

    def parse(self) -> None:
        """Parse what is not parsed yet. Of two that want the same files, the second waits for the first."""
        with _PARSING_ALL:
            for file in self.files.values():
                _ = file.tree

    def line(self, path: str, qualname: str, near: int | None) -> int | None:
        """Return the line of the `def` or `class`, or of the assignment, that `qualname` names in a file."""
        file = self.files.get(path)
        if file is None:
            return None
        nodes = file.definitions.get(qualname, [])
        for node in nodes:
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            if near is not None and first <= near <= node.lineno:
                return node.lineno
        if nodes:
            return nodes[-1].lineno
        return file.assignments.get(qualname, near)

    @property
    def own(self) -> list[SourceFile]:
        """The files that are not tests."""
        return [file for file in self.files.values() if not file.is_test]

    @property
    def tests(self) -> list[SourceFile]:
        return [file for file in self.files.values() if file.is_test]


def python_files(root: Path) -> Iterator[str]:
    """Yield the paths of the project's own Python files, in order."""
    for directory, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not is_skipped(Path(directory) / name))
        for name in sorted(files):
            if name.endswith(".py"):
                path = Path(directory) / name
                if path.is_file() and path.stat().st_size <= _MAX_BYTES:
                    yield path.relative_to(root).as_posix()


def is_skipped(directory: Path) -> bool:
    """Tell whether a directory is not the project's own, such as a virtual environment."""
    return directory.name in SKIPPED or directory.name.endswith(".egg-info") or (directory / "pyvenv.cfg").exists()


def parsed(content: bytes | str, path: str = "<unknown>") -> ast.Module:
    """Return the tree of a module, as `ast.parse` does, one thread at a time, and of newer Python than ours, too.

    CPython up to 3.12 counts how deep it is for all threads together, and raises `SystemError` if two parse at once.
    """
    with _PARSING, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they are for its own people
        try:
            return ast.parse(content, path)
        except SyntaxError as error:
            try:
                text = content if isinstance(content, str) else content.decode("utf-8")
                return ast.parse(in_older_words(text), path)
            except (SyntaxError, UnicodeDecodeError):
                raise error from None


def assigned(node: ast.AST) -> list[ast.expr]:
    """Return what a statement gives a value to."""
    if isinstance(node, ast.Assign):
        return node.targets
    return [node.target] if isinstance(node, ast.AnnAssign) and node.value is not None else []


def called(node: ast.AST) -> str:
    """Return the last name of what is called: `FastAPI` for `FastAPI()` and for `fastapi.FastAPI()`."""
    return last_name(node.func) if isinstance(node, ast.Call) else ""


def arguments(node: ast.Call) -> list[ast.expr]:
    """Return what a call is given, by position and then by name."""
    return [*node.args, *(one.value for one in node.keywords)]


def last_name(node: ast.AST | None) -> str:
    """Return `c` for `a.b.c` and for `c`, and nothing for what is neither."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _read(root: Path, path: str) -> SourceFile:
    try:
        return SourceFile(path, (root / path).read_bytes())
    except OSError as error:
        return SourceFile(path, b"", str(error))


def _definitions(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, Definition]]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield prefix + node.name, node
            yield from _definitions(node.body, f"{prefix}{node.name}.")
        elif isinstance(node, Function):
            yield prefix + node.name, node
            yield from _definitions(node.body, f"{prefix}{node.name}.<locals>.")
        else:
            for part in ("body", "orelse", "finalbody", "handlers"):
                for inner in getattr(node, part, []):
                    yield from _definitions([inner] if isinstance(inner, ast.stmt) else inner.body, prefix)
