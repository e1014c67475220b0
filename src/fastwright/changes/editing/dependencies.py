"""Add to the `dependencies=[...]` of a call: of a route, a router, an include or the app."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from fastwright.changes.editing.document import Document
from fastwright.changes.editing.expressions import meaning, written
from fastwright.changes.editing.index import Site
from fastwright.changes.editing.sequences import call_with, elements_with
from fastwright.changes.wanted import Import

MARKERS = {"Depends": Import(module="fastapi", name="Depends"), "Security": Import(module="fastapi", name="Security")}
_KEYWORD = "dependencies"
_TIGHT = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


@dataclass(frozen=True)
class Dependency:
    """A dependency as an expression of `Depends(...)` or `Security(...)`, with all imports that it takes."""

    text: str
    imports: tuple[Import, ...]

    @classmethod
    def of(cls, text: str, imports: Sequence[Import]) -> Dependency:
        """Take what is depended on, or the whole of `Depends(...)` or `Security(...)`."""
        call = cst.parse_expression(text)
        name = call.func.value if isinstance(call, cst.Call) and isinstance(call.func, cst.Name) else ""
        whole = text if name in MARKERS else f"Depends({text})"
        given = {wanted.local for wanted in imports}
        marker = MARKERS[name or "Depends"] if name in {"", *MARKERS} else MARKERS["Depends"]
        return cls(whole, (*imports, *([] if marker.local in given else [marker])))

    def is_in(self, document: Document, found: cst.CSTNode) -> bool:
        """Return whether an expression of the file is this dependency, or asks for the same and more."""
        mine = self._parts(document, self.text, self.imports)
        theirs = self._parts(document, document.code(found), ())
        return mine == theirs or (mine[1] == theirs[1] != "" and mine[0] == "fastapi.Depends" and not mine[2])

    @staticmethod
    def _parts(document: Document, text: str, imports: Sequence[Import]) -> tuple[str, str, str]:
        """Return the marker, what is depended on, and the other arguments, each by its meaning."""
        call = cst.parse_expression(text)
        if not isinstance(call, cst.Call):
            return "", "", meaning(document, text, imports)
        markers = {meaning(document, name, [wanted]): f"fastapi.{name}" for name, wanted in MARKERS.items()}
        marker = markers.get(meaning(document, call.func, imports), "")
        if not marker or not call.args or call.args[0].star:
            return "", "", meaning(document, text, imports)
        on, *rest = call.args
        others = sorted(document.code(arg.with_changes(comma=cst.MaybeSentinel.DEFAULT)) for arg in rest)
        return marker, meaning(document, on.value, imports), ", ".join(others)


def has(document: Document, call: cst.Call, dependency: Dependency) -> bool:
    """Return whether a call names a dependency already, in its list or in one that it takes from the module."""
    found = keyword(call, _KEYWORD)
    return found is not None and any(dependency.is_in(document, item) for item in _items(document, found.value))


def add(document: Document, call: cst.Call, dependency: Dependency, site: Site) -> bool:
    """Plan to add a dependency to a call; return false if that is planned already. Raises `Unfit` if it cannot be."""
    found = keyword(call, _KEYWORD)
    if found is None and (unpacked := next((arg for arg in call.args if arg.star == "**"), None)):
        text = document.code(unpacked.value)
        raise document.unfit(site.line, f"**{text} may hold dependencies already", "name them in the call")
    if found is not None:
        _check_list(document, found.value, site)
    expression = written(document, dependency.text, dependency.imports, site)
    return document.edit(call, f"dependency {dependency.text}", _adding(expression))


def keyword(call: cst.Call, name: str) -> cst.Arg | None:
    """Return the argument of a call that is given by a name."""
    return next((arg for arg in call.args if arg.keyword and arg.keyword.value == name), None)


def _adding(expression: cst.BaseExpression) -> Callable[[cst.Call], cst.Call]:
    def change(call: cst.Call) -> cst.Call:
        found = keyword(call, _KEYWORD)
        if found is None:
            new = cst.Arg(cst.List([cst.Element(expression)]), keyword=cst.Name(_KEYWORD), equal=_TIGHT)
            return call_with(call, new)
        number = call.args.index(found)
        changed = found.with_changes(value=_with_item(found.value, expression))
        return call.with_changes(args=[*call.args[:number], changed, *call.args[number + 1 :]])

    return change


def _with_item(value: cst.BaseExpression, item: cst.BaseExpression) -> cst.BaseExpression:
    if isinstance(value, cst.List):
        elements, space = elements_with(
            value.elements, cst.Element(item), value.lbracket.whitespace_after, value.rbracket.whitespace_before
        )
        rbracket = value.rbracket.with_changes(whitespace_before=space)
        return value.with_changes(elements=elements, rbracket=rbracket)
    if isinstance(value, cst.Tuple) and value.elements and value.lpar:
        last = value.rpar[0]
        opening = value.lpar[-1].whitespace_after
        elements, space = elements_with(value.elements, cst.Element(item), opening, last.whitespace_before)
        return value.with_changes(elements=elements, rpar=[last.with_changes(whitespace_before=space), *value.rpar[1:]])
    if isinstance(value, cst.BinaryOperation):
        return value.with_changes(right=_with_item(value.right, item))
    if isinstance(value, cst.Name) and value.value != "None":
        return cst.List([cst.StarredElement(value), cst.Element(item)])
    return cst.List([cst.Element(item)])


def _check_list(document: Document, value: cst.BaseExpression, site: Site) -> None:
    """Raise `Unfit` unless one more dependency can be added to an expression without a guess at what it is."""
    if isinstance(value, cst.List | cst.Tuple) or (isinstance(value, cst.Name) and value.value == "None"):
        return
    if isinstance(value, cst.Name) and _list_of_the_module(document, value.value) is not None:
        return
    if isinstance(value, cst.BinaryOperation) and isinstance(value.right, cst.List):
        return
    text = document.code(value)
    raise document.unfit(site.line, f"dependencies={text} is not a list that is written here", "write it as a list")


def _items(document: Document, value: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """Yield the items of a list, of lists that are added, and of lists of this module that it names."""
    if isinstance(value, cst.List | cst.Tuple):
        for element in value.elements:
            if isinstance(element, cst.StarredElement):
                yield from _items(document, element.value)
            else:
                yield _meant(document, element.value)
    elif isinstance(value, cst.BinaryOperation):
        yield from _items(document, value.left)
        yield from _items(document, value.right)
    elif isinstance(value, cst.Name) and (found := _list_of_the_module(document, value.value)) is not None:
        yield from _items(document, found)


def _meant(document: Document, value: cst.BaseExpression) -> cst.BaseExpression:
    """Return what a name of the module is set to: `admin = Depends(require_admin)` is used as `admin`."""
    found = assigned(document, value.value) if isinstance(value, cst.Name) else None
    return found if isinstance(found, cst.Call) else value


def _list_of_the_module(document: Document, name: str) -> cst.List | cst.Tuple | None:
    value = assigned(document, name)
    return value if isinstance(value, cst.List | cst.Tuple) else None


def assigned(document: Document, name: str) -> cst.BaseExpression | None:
    """Return what a name of the module is set to, if it is set once, by a plain assignment."""
    if len(list(document.names.called(name))) != 1:
        return None
    for statement in document.module.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            targets = [target.target for target in small.targets] if isinstance(small, cst.Assign) else []
            if isinstance(small, cst.AnnAssign):
                targets = [small.target]
            if isinstance(small, cst.Assign | cst.AnnAssign) and any(
                isinstance(target, cst.Name) and target.value == name for target in targets
            ):
                return small.value
    return None
