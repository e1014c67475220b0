"""Parameters of a function: what one depends on, and adding one where its name is free."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from fastwright.changes.editing.dependencies import Dependency, assigned
from fastwright.changes.editing.document import Document
from fastwright.changes.editing.expressions import meaning, read_names, written
from fastwright.changes.editing.index import FunctionSite
from fastwright.changes.editing.names import all_parameters, scope_names
from fastwright.changes.editing.parameters import signature_with
from fastwright.changes.wanted import Import

_ANNOTATED = Import(module="typing", name="Annotated")


def parameter_that_depends(document: Document, site: FunctionSite, dependency: Dependency) -> str:
    """Return the name of the parameter that has a dependency, if there is one."""
    for parameter in all_parameters(site.node.params):
        if any(dependency.is_in(document, marker) for marker in _markers(document, parameter)):
            return parameter.name.value
    return ""


def _markers(document: Document, parameter: cst.Param) -> Iterator[cst.BaseExpression]:
    """Yield the default of a parameter, and what is in its `Annotated[...]`, directly or by a name of the module."""
    if parameter.default is not None:
        yield parameter.default
    annotation = parameter.annotation.annotation if parameter.annotation else None
    if isinstance(annotation, cst.Name):
        annotation = assigned(document, annotation.value)
    if isinstance(annotation, cst.Subscript):
        for element in annotation.slice[1:]:
            if isinstance(element.slice, cst.Index):
                yield element.slice.value


def dependency_parameter(
    document: Document, site: FunctionSite, dependency: Dependency, *, name: str, kind: str, style: str
) -> cst.Param:
    """Return a parameter that has the value of a dependency, written in one of the two styles."""
    depends = dependency.text
    if style == "default":
        return parameter(document, site, name=name, kind=kind, default=depends, imports=dependency.imports)
    _check_seen_by_annotations(document, site, f"({kind}, {depends})")
    annotated = f"Annotated[{kind}, {depends}]"
    return parameter(document, site, name=name, kind=annotated, default="", imports=(*dependency.imports, _ANNOTATED))


def parameter(
    document: Document, site: FunctionSite, *, name: str, kind: str, default: str, imports: Sequence[Import]
) -> cst.Param:
    """Return a parameter for a function. Raises `Unfit` if the function uses its name already."""
    if any(known.name.value == name for known in all_parameters(site.node.params)):
        raise document.unfit(site.line, f"{site.name} has a parameter {name} already", "choose another name")
    annotation = cst.Annotation(written(document, kind, imports, site)) if kind else None
    value = written(document, default, imports, site) if default else None
    space = cst.SimpleWhitespace(" " if kind else "")
    equal = cst.AssignEqual(space, space) if default else cst.MaybeSentinel.DEFAULT
    return cst.Param(cst.Name(name), annotation, equal, value)


def add(document: Document, site: FunctionSite, new: cst.Param) -> bool:
    """Plan to add a parameter; return false if that is planned already."""
    return document.edit(site.node, f"parameter {new.name.value}", lambda node: signature_with(node, new))


def same_parameter(document: Document, known: cst.Param, kind: str, default: str, imports: Sequence[Import]) -> bool:
    """Return whether a parameter is typed and preset as wanted."""
    annotation = known.annotation.annotation if known.annotation else None
    pairs = ((annotation, kind), (known.default, default))
    return all(
        (found is None and not wanted)
        or (found is not None and bool(wanted) and meaning(document, found) == meaning(document, wanted, imports))
        for found, wanted in pairs
    )


def _check_seen_by_annotations(document: Document, site: FunctionSite, text: str) -> None:
    """Raise `Unfit` for names of a function around this one: annotations that are kept as text cannot see them."""
    if not _has_late_annotations(document):
        return
    hidden = sorted(scope_names(site) & {name.partition(".")[0] for name in read_names(text)})
    if hidden:
        why = f"{hidden[0]} is set in a function; `from __future__ import annotations` keeps annotations from seeing it"
        raise document.unfit(site.line, why, "use the default style")


def _has_late_annotations(document: Document) -> bool:
    return any(binding.origin == "__future__.annotations" for binding in document.names.bindings)
