"""Read the files of a project so that one that is broken does not keep the others from being checked."""

from __future__ import annotations

import ast
import gc
import os
import re
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from fastwright.project.source import Source, SourceFile, is_skipped, parsed

MAX_BYTES = 2_000_000
_PYTHON_2 = re.compile(
    rb"^[ \t]*(?:print[ \t]+[\"'\w]|exec[ \t]+[\"'\w]|except[ \t]+[\w.]+,[ \t]*\w+[ \t]*:)", re.MULTILINE
)


@dataclass(frozen=True)
class Problem:
    """A file that was not checked, and why."""

    file: str
    line: int
    reason: str


@dataclass(frozen=True)
class Files:
    """The modules that could be parsed, their bytes, and the problems of the others."""

    source: Source
    contents: dict[str, bytes]
    problems: tuple[Problem, ...]


def list_files(root: Path, excluded: Callable[[str], bool]) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the bytes of every Python file below `root` that is the project's own, and what could not be read."""
    contents: dict[str, bytes] = {}
    problems: list[Problem] = []
    for path in _paths(root):
        if excluded(path):
            continue
        try:
            size = (root / path).stat().st_size
            if size > MAX_BYTES:
                problems.append(Problem(path, 1, f"not read: {size / 1e6:.0f} MB is no source that people write"))
                continue
            contents[path] = (root / path).read_bytes()
        except OSError as error:
            problems.append(Problem(path, 1, f"cannot be opened: {error.strerror or error}"))
    return contents, problems


def parse_files(root: Path, contents: dict[str, bytes], problems: list[Problem]) -> Files:
    """Parse what was read."""
    files: dict[str, SourceFile] = {}
    with without_collector():
        for path, content in contents.items():
            files[path] = _parsed(path, content)
    broken = [Problem(file.path, *file.problem) for file in files.values() if file.problem]
    return Files(Source(root, files), contents, tuple(sorted([*problems, *broken], key=lambda one: one.file)))


def _paths(root: Path) -> Iterator[str]:
    for directory, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not is_skipped(Path(directory) / name))
        for name in sorted(files):
            path = os.path.join(directory, name)  # noqa: PTH118 - a Path for each file takes longer than to read it
            if name.endswith(".py") and (os.path.isfile(path) or os.path.islink(path)):  # noqa: PTH113, PTH114
                yield os.path.relpath(path, root).replace(os.sep, "/")


def _parsed(path: str, content: bytes) -> SourceFile:
    empty = ast.Module(body=[], type_ignores=[])
    try:
        return SourceFile(path, parsed(content, path))
    except SyntaxError as error:
        reason = "is Python 2" if _PYTHON_2.search(content) else f"cannot be parsed: {error.msg}"
        return SourceFile(path, empty, (error.lineno or 1, reason))
    except (ValueError, RecursionError, MemoryError) as error:
        return SourceFile(path, empty, (1, f"cannot be parsed: {error or type(error).__name__}"))


@contextmanager
def without_collector() -> Generator[None]:
    """Parse without the collector, which looks at every node over and over, and without the app's own warnings."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if was_enabled:
            gc.enable()
