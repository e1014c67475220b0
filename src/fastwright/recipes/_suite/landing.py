"""Where modules of tests go: into files of their own, or beside the client that is at home in a test module."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from fastwright.changes.add_code import AddCode
from fastwright.changes.add_file import AddFile
from fastwright.changes.operation import Operation
from fastwright.changes.wanted import Import
from fastwright.project.source import Function, parsed
from fastwright.recipes._app.testing import TestStyle
from fastwright.recipes._code.formatting import Formatting
from fastwright.recipes._recipe import Known
from fastwright.recipes._suite.signing_in import SignIn
from fastwright.recipes._suite.writing import Module, sign_in_fixture


def file_of(module: Module) -> str:
    """Return the file in which the tests are."""
    style = module.style
    return str(PurePosixPath(style.directory) / f"test_{module.name}.py") if style.is_shared else style.file


def is_there(known: Known, module: Module) -> bool:
    """Tell whether these tests, or some of their names, are there already."""
    file = known.source.files.get(file_of(module))
    if file is None or module.style.is_shared:
        return file is not None
    return any(node.name in file.definitions for node in _functions(module))


def names(module: Module) -> Iterator[str]:
    """Yield the ids of the tests, by which pytest runs just these."""
    file = file_of(module)
    return (f"{file}::{node.name}" for node in _functions(module) if node.name.startswith("test_"))


def fixture(known: Known, style: TestStyle, sign_in: SignIn | None) -> Iterator[Operation]:
    """Yield the fixture by which tests become callers, if they do, beside that of the client, unless it is there."""
    if sign_in is not None and "sign_in" not in known.source.files[style.file].definitions:
        yield _added(Formatting.of(known), style.file, sign_in_fixture(style, sign_in))


def written(known: Known, modules: Sequence[Module]) -> Iterator[Operation]:
    """Yield the tests."""
    formatting = Formatting.of(known)
    for module in modules:
        code, path = module.code(), file_of(module)
        if not module.style.is_shared:
            yield _added(formatting, path, code)
            continue
        head = "\n".join([f'"""{module.about}"""', "", *(f"import {name}" for name in _used(code)), "", ""])
        yield AddFile(path=path, content=formatting.formatted(f"{head}{code}", whole=True))


def _added(formatting: Formatting, file: str, code: str) -> AddCode:
    imports = tuple(Import(module=name) for name in _used(code))
    return AddCode(file=file, code=formatting.formatted(code, whole=False), imports=imports)


def _used(code: str) -> list[str]:
    return [name for name in ("uuid", "pytest") if f"{name}." in code]


def _functions(module: Module) -> list[Function]:
    return [node for node in parsed(module.code()).body if isinstance(node, Function)]
