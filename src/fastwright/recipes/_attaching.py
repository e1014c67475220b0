"""From a guard and a place to the operation that writes it, with the imports that the file needs for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from fastwright.changes.add_endpoint_dependency import AddEndpointDependency
from fastwright.changes.add_include_dependency import AddIncludeDependency
from fastwright.changes.add_parameter import AddParameter
from fastwright.changes.add_router_dependency import AddRouterDependency
from fastwright.changes.operation import Operation
from fastwright.changes.wanted import Import
from fastwright.project.locate import importable
from fastwright.project.names import Symbol
from fastwright.project.source import SourceFile
from fastwright.recipes._guards import Chosen
from fastwright.recipes._neighbours import parameter_of_neighbours
from fastwright.recipes._places import AtEndpoint, AtInclude, AtRouter, Spot
from fastwright.recipes._recipe import Known


def operation(known: Known, spot: Spot, chosen: Chosen) -> Operation:
    """Return the operation for one place."""
    match spot:
        case AtRouter(router=(file, name), line=line):
            return AddRouterDependency(
                file=file, line=line, name=name, dependency=chosen.text, imports=imports(known, chosen, file)
            )
        case AtInclude(include=include):
            file = include.file
            return AddIncludeDependency(
                file=file, line=include.line, dependency=chosen.text, imports=imports(known, chosen, file)
            )
        case AtEndpoint(registration=one):
            parameter = parameter_of_neighbours(known, one, chosen)
            if parameter is not None:
                return AddParameter(file=one.file, line=one.line, function=one.function, parameter=parameter)
            return AddEndpointDependency(
                file=one.file,
                line=one.line,
                function=one.function,
                path=one.path or "",
                method=one.methods[0] if len(one.methods) == 1 else "",
                dependency=chosen.text,
                imports=imports(known, chosen, one.file),
            )


def imports(known: Known, chosen: Chosen, file: str) -> tuple[Import, ...]:
    """Return what `file` has to import for the expression; what it has already, in the words that it uses for it."""
    needed = [Import(module="fastapi", name=chosen.marker)]
    for name in dict.fromkeys(node.id for node in ast.walk(chosen.target) if isinstance(node, ast.Name)):
        symbol = known.names.resolve(chosen.home, ast.Name(name))
        if symbol is None:
            needed.extend(_same_import(known.source.files[chosen.home], name))
        elif symbol[0] != file:
            needed.append(_import(known, symbol, name, file))
    return tuple(needed)


def _same_import(home: SourceFile, name: str) -> Iterator[Import]:
    """Yield the import by which `home` has a name that is not of the project, or a module of it."""
    for node in home.nodes:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    module = "." * node.level + (node.module or "")
                    yield Import(module=_absolute(home.path, module), name=alias.name, alias=alias.asname or "")
                    return
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    yield Import(module=alias.name, alias=alias.asname or "")
                    return


def _absolute(path: str, module: str) -> str:
    level = len(module) - len(module.lstrip("."))
    if not level:
        return module
    package = PurePosixPath(path).parts[:-level]
    return ".".join([*package, *([module.lstrip(".")] if module.lstrip(".") else [])])


def _import(known: Known, symbol: Symbol, local: str, file: str) -> Import:
    """Return the import of something of the project, relative where the file imports its neighbours so."""
    where, name = symbol
    alias = local if local != name else ""
    target = known.source.files[file]
    for node in target.nodes:
        if isinstance(node, ast.ImportFrom):
            for item in node.names:
                if known.names.resolve(file, ast.Name(item.asname or item.name)) == symbol:
                    module = "." * node.level + (node.module or "")
                    return Import(module=module, name=item.name, alias=alias if item.name != local else "")
    _base, module = importable(known.source, known.source.files[where])
    _base, here = importable(known.source, target)
    # No relative import leads out of the package at the top.
    if _is_relative(target) and module.split(".")[0] == here.split(".")[0]:
        module = _relative(where, file)
    return Import(module=module, name=name, alias=alias)


def _is_relative(file: SourceFile) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.level for node in file.nodes)


def _relative(where: str, file: str) -> str:
    """Return the module in `where` as `from …x import` in `file` names it."""
    package = PurePosixPath(file).parent.parts
    steps = PurePosixPath(where).with_suffix("").parts
    steps = steps[:-1] if steps[-1] == "__init__" else steps
    shared = 0
    while shared < len(package) and shared < len(steps) - 1 and package[shared] == steps[shared]:
        shared += 1
    dots = "." * (len(package) - shared + 1)
    return dots + ".".join(steps[shared:])
