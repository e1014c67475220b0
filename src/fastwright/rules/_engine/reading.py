"""Read the files of a project so that one that is broken does not keep the others from being checked."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from fastwright.project.outside import package_of
from fastwright.project.source import Source, SourceFile, is_skipped
from fastwright.rules._engine.modules import Index, Module

MAX_BYTES = 2_000_000
_READ = (".py", ".sql", "requirements.txt", "pyproject.toml")
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

    @cached_property
    def index(self) -> Index:
        """The modules as rules see them: what they define, and what is done in it."""
        modules = [Module(file, self.contents[path]) for path, file in self.source.files.items()]
        return Index(modules, package_of(self.source.files) or self.source.root.name)


def list_files(root: Path, excluded: Callable[[str], bool]) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the bytes of every Python file below `root` that is the project's own, and what could not be read.

    SQL and requirements are among them: what is found depends on them, too.
    """
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
    return parse_source(as_source(root, contents), problems)


def as_source(root: Path, contents: dict[str, bytes]) -> Source:
    """Return what was read as modules, and the texts beside them."""
    files = {path: SourceFile(path, content) for path, content in contents.items() if path.endswith(".py")}
    return Source(root, files, {path: content for path, content in contents.items() if path not in files})


def parse_source(source: Source, problems: list[Problem]) -> Files:
    """Parse what is not parsed yet, and note what cannot be."""
    with without_collector():
        source.parse()
    broken = [_problem(file, *file.problem) for file in source.files.values() if file.problem]
    contents = {path: file.content for path, file in source.files.items()}
    return Files(source, contents, tuple(sorted([*problems, *broken], key=lambda one: one.file)))


def _problem(file: SourceFile, line: int, reason: str) -> Problem:
    is_old = _PYTHON_2.search(file.content)
    return Problem(file.path, line, "is Python 2" if is_old else f"cannot be parsed: {reason}")


def _paths(root: Path) -> Iterator[str]:
    for directory, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not is_skipped(Path(directory) / name))
        for name in sorted(files):
            path = os.path.join(directory, name)  # noqa: PTH118 - a Path for each file takes longer than to read it
            if name.endswith(_READ) and (os.path.isfile(path) or os.path.islink(path)):  # noqa: PTH113, PTH114
                yield os.path.relpath(path, root).replace(os.sep, "/")


@contextmanager
def without_collector() -> Generator[None]:
    """Do without the collector, which looks at every node over and over."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
