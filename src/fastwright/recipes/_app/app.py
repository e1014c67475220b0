"""What recipes know of every app that they add code to, with a database or without."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

from fastwright.changes.add_code import AddCode
from fastwright.changes.add_file import AddFile
from fastwright.changes.operation import Operation
from fastwright.changes.wanted import Import
from fastwright.recipes._app.layout import Layout
from fastwright.recipes._app.testing import TestStyle, test_style
from fastwright.recipes._code.formatting import Formatting
from fastwright.recipes._code.parts import Linker
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._recipe import Known
from fastwright.recipes._routes import Routes


@dataclass(frozen=True)
class App:
    """An app: where its code is, how that is formatted, and how it is tested."""

    layout: Layout

    @property
    def known(self) -> Known:
        return self.layout.known

    @property
    def routes(self) -> Routes:
        return self.layout.routes

    @cached_property
    def formatting(self) -> Formatting:
        return Formatting.of(self.known)

    @cached_property
    def tests(self) -> TestStyle | None:
        return test_style(self.known)

    def imported(self, name: str, path: str, into: str, *, alias: str = "") -> Import:
        """Return the import by which the file `into` gets a name of another one, under that name or an alias."""
        linker = Linker(self.known, self.layout, self.formatting, {})
        return linker.imported(alias or name, (path, name), into)

    def test(self, template: str, name: str, imports: tuple[Import, ...] = (), /, **values: object) -> list[Operation]:
        """Return new tests: a file of their own where the client is a shared fixture, else beside what has it.

        `imports` says what a file of tests has to import for them.
        """
        style = self.tests
        if style is None:
            return []
        code = rendered(template, tests=style, **values)
        if not style.is_shared:
            return [AddCode(file=style.file, code=self.formatting.formatted(code, whole=False), imports=imports)]
        path = str(PurePosixPath(style.directory) / f"test_{name}.py")
        if self.layout.is_there(path):
            return []
        head = ["import pytest"] if "pytest." in code else []
        text = "\n".join([*head, *map(str, imports), "", code])
        return [AddFile(path=path, content=self.formatting.formatted(text, whole=True))]
