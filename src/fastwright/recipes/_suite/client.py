"""The first client of a project that has no tests yet: on an empty database, for each test its own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from fastwright.changes.add_file import AddFile
from fastwright.changes.wanted import Import
from fastwright.project.locate import importable
from fastwright.project.source import called
from fastwright.recipes._app.surroundings import Surroundings, surroundings
from fastwright.recipes._app.testing import TestStyle
from fastwright.recipes._code.formatting import Formatting
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._recipe import Known, Refusal
from fastwright.recipes._suite.signing_in import SignIn
from fastwright.recipes._suite.writing import sign_in_fixture

_PYTEST = Import(module="pytest")
_CLIENT = Import(module="fastapi.testclient", name="TestClient")
# How a variable of the environment is read: by the standard library, or by what Starlette and python-decouple have.
_READ = re.compile(r"""(?:os\.)?(?:getenv\(|environ\.get\(|environ\[|config\()['"](\w+)['"]""")


@dataclass(frozen=True)
class FirstClient:
    """A fixture `client`, in a conftest.py from which the modules of the app can be imported."""

    known: Known
    app: Surroundings | None
    file: str
    # What has to name a database before the app is imported, since that makes its tables then.
    variable: str = ""

    @property
    def style(self) -> TestStyle:
        directory = str(PurePosixPath(self.file).parent / "tests")
        return TestStyle("client", "client", self.file, is_async=False, mark="", directory=directory)

    def written(self, account: SignIn | None) -> AddFile:
        """Return the file, with what signs in behind the client, if tests have to."""
        app = self.app
        sign_in = sign_in_fixture(self.style, account) if account else ""
        text = rendered(
            "suite/conftest.py",
            imports=[str(one) for one in (*self._libraries(sign_in), *([] if self._is_late else self._own()))],
            late=[str(one) for one in self._own()] if self._is_late else [],
            variable=self.variable,
            session=app.session if app else None,
            metadata=f"{app.tables.base[1]}.metadata" if app else "",
            dependency=app.session.dependency if app else "",
            sign_in=sign_in,
        )
        return AddFile(path=self.file, content=Formatting.of(self.known).formatted(text, whole=True))

    @property
    def _is_late(self) -> bool:
        """Whether the app is imported by the fixture: what it reads may have to be set before."""
        return bool(self.known.source.tests or self.variable)

    def _libraries(self, sign_in: str) -> list[Import]:
        found = [_PYTEST, _CLIENT, *([Import(module="uuid")] if "uuid." in sign_in else [])]
        found += [Import(module="os")] if self.variable else []
        app = self.app
        if app is None:
            return found
        found += [Import(module=app.session.module, name=app.session.kind)]
        found += [Import(module="sqlalchemy", name="create_engine")]
        if app.is_async:
            found.append(Import(module="sqlalchemy.ext.asyncio", name="create_async_engine"))
            found.append(Import(module="sqlalchemy.pool", name="NullPool"))
        return found

    def _own(self) -> list[Import]:
        """Return the imports from the project, and from what its modules are made of."""
        module, _colon, name = self.known.project.app.entry.partition(":")
        found, app = [Import(module=module, name=name)], self.app
        if app is not None:
            root = app.session.dependency.split(".")[0]
            owner = app.symbols().get(root) or (app.session.home, root)
            found.append(Import(module=app.layout.module(owner[0]), name=owner[1]))
            base_file, base = app.tables.base
            found.append(Import(module=app.layout.module(base_file) if base_file else "sqlmodel", name=base))
        return found


def _connecting(known: Known) -> Iterator[str]:
    """Yield where an import of the app asks a database that is a server's."""
    for file in known.source.own if known.project.app.databases else ():
        for node in file.tree.body:
            if isinstance(node, ast.Expr) and called(node.value) == "create_all" and not file.is_test:
                yield f"{file.path}:{node.lineno}"


def _database_variable(known: Known) -> str:
    """Return the variable of the environment that names the database, if `create_engine` is given its value."""
    for file in known.source.own:
        for node in file.nodes:
            if isinstance(node, ast.Call) and called(node) == "create_engine" and node.args:
                symbol = known.names.resolve(file.path, node.args[0])
                read = ast.unparse((known.names.value(symbol) if symbol else None) or node.args[0])
                found = _READ.match(read)
                return found[1] if found else ""
    return ""


def first_client(known: Known) -> FirstClient | Refusal:
    """Return the client, or why none can be made."""
    hint = "write a fixture `client` into tests/conftest.py that gives TestClient(app), then ask again"
    file = known.source.files.get(known.project.app.file or "")
    if file is None or known.project.app.entry.rpartition(":")[2] not in file.assignments:
        return Refusal(reason="no test of this project has a client, and the app is made by a function", hint=hint)
    path = str(PurePosixPath(importable(known.source, file)[0]) / "conftest.py")
    if any(PurePosixPath(one.path).name == "conftest.py" for one in known.source.files.values()):
        return Refusal(reason="no test of this project has a client that requests could be sent with", hint=hint)
    early = next(_connecting(known), None)
    variable = _database_variable(known) if early is not None else ""
    if early is not None and not variable:
        return Refusal(
            reason=f"{early} makes tables when it is imported, so that no test could begin without that database",
            hint="move `create_all` into the lifespan of the app, then ask again",
        )
    if known.project.conventions.orm == "none":
        return FirstClient(known, None, path)
    app = surroundings(known)
    return app if isinstance(app, Refusal) else FirstClient(known, app, path, variable)
