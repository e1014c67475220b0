"""Parts of new code, and the operations that bring them into an app: new files, additions, and imports between them.

A part names what it uses, and nothing says where that comes from: the imports follow from the names, by what other
parts define, what the app has, and what is known of the libraries.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from fastwright.changes.add_code import AddCode
from fastwright.changes.add_file import AddFile
from fastwright.changes.operation import Operation
from fastwright.changes.wanted import Import
from fastwright.project.names import Symbol
from fastwright.project.source import SourceFile, assigned
from fastwright.recipes._app.layout import Layout, Place
from fastwright.recipes._code.formatting import Formatting
from fastwright.recipes._code.libraries import LIBRARIES
from fastwright.recipes._code.statuses import with_numbers, writes_numbers
from fastwright.recipes._recipe import Known

_BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True)
class Part:
    """Some code for one place. `purpose` is the docstring of its module, if that is new and its neighbours have one."""

    place: Place
    code: str
    purpose: str = ""

    @property
    def defines(self) -> set[str]:
        """The names that other parts can use."""
        return set(_defined(ast.parse(self.code)))


@dataclass
class Linker:
    """Turns parts into operations. `symbols` are what parts use of the app, by the names that they use for it."""

    known: Known
    layout: Layout
    formatting: Formatting
    symbols: Mapping[str, Symbol]
    libraries: Mapping[str, Import] = field(default_factory=dict[str, Import])

    def operations(self, parts: Sequence[Part]) -> list[Operation]:
        """Return the operations; parts of one new file become one file, in their order."""
        if writes_numbers(self.known):
            parts = [replace(part, code=with_numbers(part.code)) for part in parts]
        homes = {name: part.place.file for part in parts for name in part.defines}
        new = list(dict.fromkeys(part.place.file for part in parts if not self.layout.is_there(part.place.file)))
        found: list[Operation] = [self._file(file, [p for p in parts if p.place.file == file], homes) for file in new]
        found += [self._package(directory) for directory in _packages(new, self.layout)]
        return [*found, *(self._addition(part, homes) for part in parts if part.place.file not in new)]

    def imported(self, name: str, where: Symbol, file: str) -> Import:
        """Return the import by which `file` gets something of the app, under a name."""
        module = self.layout.module(where[0])
        # No relative import leads out of the package at the top.
        is_within = self._is_beside(where[0], file) or module.split(".")[0] == self.layout.module(file).split(".")[0]
        if is_within and self._is_relative(file):
            module = _relative(where[0], file)
        return Import(module=module, name=where[1], alias=name if name != where[1] else "")

    def _file(self, file: str, parts: Sequence[Part], homes: Mapping[str, str]) -> AddFile:
        imports = {str(one): one for part in parts for one in self._imports(part, file, homes)}
        used = {name for part in parts for name in _used(part.code)}
        if "BaseModel" in used and "SQLModel" not in used:
            # Where tables are SQLModel's, schemas may still be Pydantic's, and their fields are, too.
            found = (LIBRARIES["Field"] if one.name == "Field" else one for one in imports.values())
            imports = {str(one): one for one in found}
        purpose = next((part.purpose for part in parts if part.purpose), "")
        head = [f'"""{purpose}"""', ""] if purpose and self._has_docstrings(file) else []
        text = "\n".join([*head, *imports, "", "", *(part.code for part in parts)])
        return AddFile(path=file, content=self.formatting.formatted(text, whole=True))

    def _package(self, directory: PurePosixPath) -> AddFile:
        return AddFile(path=str(directory / "__init__.py"), content="")

    def _addition(self, part: Part, homes: Mapping[str, str]) -> AddCode:
        file = part.place.file
        imports = tuple(self._imports(part, file, homes))
        code = self.formatting.formatted(part.code, whole=False)
        return AddCode(file=file, code=code, after=part.place.after, imports=imports)

    def _imports(self, part: Part, file: str, homes: Mapping[str, str]) -> Iterator[Import]:
        known = self.known.source.files.get(file)
        for name in sorted(_used(part.code) - part.defines):
            if name in homes:
                if homes[name] != file:
                    yield self.imported(name, (homes[name], name), file)
            elif name in self.symbols:
                if self.symbols[name][0] != file:
                    yield self.imported(name, self.symbols[name], file)
            elif name in self.libraries or name in LIBRARIES:
                wanted = self.libraries.get(name) or LIBRARIES[name]
                if known is None or not _has_twin(known, wanted):
                    yield wanted
            elif known is None or not _has(known, name):
                raise LookupError(f"{name} in {file} comes from nowhere")

    def _is_beside(self, one: str, file: str) -> bool:
        """Tell a module of the same folder as a file that has relative imports, whatever package that is in."""
        known = self.known.source.files.get(file)
        has_any = known is not None and any(module.startswith(".") for module, _name in known.imports)
        return has_any and PurePosixPath(one).parent == PurePosixPath(file).parent

    def _is_relative(self, file: str) -> bool:
        """Tell whether the file imports its neighbours relatively, or, if it is new, those beside it do."""
        folder = PurePosixPath(file).parent
        near = [one for one in self.known.source.own if PurePosixPath(one.path).parent == folder]
        for files in ([one for one in near if one.path == file], near, self.known.source.own):
            dotted = [module.startswith(".") for one in files for module, _name in one.imports if self._is_own(module)]
            if dotted:
                return sum(dotted) * 2 > len(dotted)
        return False

    def _is_own(self, module: str) -> bool:
        return module.startswith(".") or module.split(".", maxsplit=1)[0] in self.formatting.own

    def _has_docstrings(self, file: str) -> bool:
        folder = PurePosixPath(file).parent
        every = [one for one in self.known.source.own if one.tree.body]
        near = [one for one in every if PurePosixPath(one.path).parent == folder] or every
        return sum(ast.get_docstring(one.tree) is not None for one in near) * 2 > len(near)


def _packages(new: Sequence[str], layout: Layout) -> Iterator[PurePosixPath]:
    """Yield the directories that are new, and need an `__init__.py` as their neighbours have one."""
    for directory in dict.fromkeys(PurePosixPath(file).parent for file in new):
        files = [PurePosixPath(path) for path in layout.known.source.files]
        is_new = not any(path.is_relative_to(directory) for path in files)
        siblings = {
            path.parent for path in files if path.parent.parent == directory.parent and path.parent != directory
        }
        if is_new and any(layout.is_there(str(sibling / "__init__.py")) for sibling in siblings):
            yield directory


def _defined(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        else:
            yield from (target.id for target in assigned(node) if isinstance(target, ast.Name))


def _used(code: str) -> set[str]:
    """Return the names that code takes from outside of itself: read somewhere, and set nowhere in it."""
    tree = ast.parse(code)
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)}
    own |= {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    named = (ast.ExceptHandler, ast.FunctionDef, ast.AsyncFunctionDef)
    own |= {node.name for node in ast.walk(tree) if isinstance(node, named) and node.name}
    return read - (own - _outside(tree)) - _BUILTINS


def _outside(tree: ast.Module) -> set[str]:
    """Return the names that defaults, decorators and annotations read: those are not the parameters of the function."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.arguments):
            values = [*node.defaults, *(default for default in node.kw_defaults if default)]
            annotations = [one.annotation for one in (*node.args, *node.kwonlyargs) if one.annotation]
            for value in (*values, *annotations):
                found.update(inner.id for inner in ast.walk(value) if isinstance(inner, ast.Name))
    return found


def _has(file: SourceFile, name: str) -> bool:
    imported = {alias for _module, alias in file.imports}
    return name in file.definitions or name in file.assignments or name in imported


def _has_twin(file: SourceFile, wanted: Import) -> bool:
    """Tell whether the name is imported from where older code takes it: `typing` has the ABCs of collections, too."""
    return wanted.module == "collections.abc" and ("typing", wanted.name) in file.imports


def _relative(where: str, file: str) -> str:
    """Return the module in `where` as `from …x import` in `file` names it."""
    package = PurePosixPath(file).parent.parts
    steps = PurePosixPath(where).with_suffix("").parts
    is_package = steps[-1] == "__init__"
    steps = steps[:-1] if is_package else steps
    deepest = len(steps) if is_package else len(steps) - 1
    shared = 0
    while shared < len(package) and shared < deepest and package[shared] == steps[shared]:
        shared += 1
    return "." * (len(package) - shared + 1) + ".".join(steps[shared:])
