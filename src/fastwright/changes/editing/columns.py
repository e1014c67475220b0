"""Columns of a mapped class as they are declared, and having an index on one or on several together."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from fastwright.changes.editing import fields
from fastwright.changes.editing.dependencies import keyword
from fastwright.changes.editing.document import Document
from fastwright.changes.editing.fields import KnownField
from fastwright.changes.editing.index import ClassSite, dotted
from fastwright.changes.editing.objects import argument
from fastwright.changes.editing.sequences import call_with, elements_with
from fastwright.changes.editing.statements import called
from fastwright.changes.wanted import Import

_COLUMNS = frozenset({"mapped_column", "Column", "Field"})
_YES = cst.Name("True")


def declared(document: Document, site: ClassSite, name: str) -> KnownField:
    """Return the declaration of a column. Raises `Unfit` if the class does not declare it itself."""
    found = next((item for item in fields.fields(site.node) if item.name == name), None)
    if found is None:
        raise document.unfit(site.line, f"{site.name} does not declare {name} itself", "add the index by hand")
    return found


def is_indexed(field: KnownField) -> bool:
    """Return whether a column has an index of its own."""
    call = _declaring(field)
    given = keyword(call, "index") or keyword(call, "unique") if call else None
    return given is not None and dotted(given.value) == "True"


def add_index(document: Document, site: ClassSite, field: KnownField) -> bool:
    """Plan `index=True` for a column; return false if that is planned already. Raises `Unfit` if it cannot be."""
    call = _declaring(field)
    if call is not None:
        return document.edit(call, "index", _with_index)
    statement = cst.ensure_type(field.statement, cst.SimpleStatementLine)
    small = statement.body[0]
    if not isinstance(small, cst.AnnAssign) or (field.default is not None and not _is_plain(field.default)):
        raise document.unfit(document.line_of(statement), f"how {field.name} is declared is not understood")
    is_table = any(arg.keyword and arg.keyword.value == "table" for arg in site.node.keywords)
    wanted = Import(module="sqlmodel", name="Field") if is_table else _MAPPED
    maker = document.imports.use(wanted, site)
    given = [argument("default", field.default)] if field.default is not None else []
    value = cst.Call(cst.parse_expression(maker), [*given, argument("index", _YES)])
    spaced = cst.AssignEqual(cst.SimpleWhitespace(" "), cst.SimpleWhitespace(" "))
    return document.edit(small, "index", lambda node: node.with_changes(value=value, equal=spaced))


_MAPPED = Import(module="sqlalchemy.orm", name="mapped_column")


def add_table_index(document: Document, site: ClassSite, name: str, columns: Sequence[str]) -> bool:
    """Plan an `Index` in `__table_args__`; return false if one of that name is there, or planned."""
    index = document.imports.use(Import(module="sqlalchemy", name="Index"), site)
    new = cst.Call(cst.parse_expression(index), [argument("", document.string(text)) for text in (name, *columns)])
    known = next((item for item in fields.fields(site.node) if item.name == "__table_args__"), None)
    if known is None or known.default is None:
        return _new_arguments(document, site, name, new)
    return document.edit(known.default, name, lambda value: _with_argument(value, new))


def has_table_index(site: ClassSite, columns: Sequence[str]) -> bool:
    """Return whether `__table_args__` has an index that begins with these columns."""
    known = next((item for item in fields.fields(site.node) if item.name == "__table_args__"), None)
    value = known.default if known else None
    for element in value.elements if isinstance(value, cst.Tuple | cst.List) else ():
        call = element.value
        if isinstance(call, cst.Call) and called(call) == "Index":
            given = [arg.value.evaluated_value for arg in call.args if isinstance(arg.value, cst.SimpleString)]
            if given[1 : len(columns) + 1] == list(columns):
                return True
    return False


def _new_arguments(document: Document, site: ClassSite, name: str, new: cst.Call) -> bool:
    value = cst.Tuple([cst.Element(new, comma=cst.Comma())])
    line = cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(cst.Name("__table_args__"))], value)])
    table = next((item for item in fields.fields(site.node) if item.name == "__tablename__"), None)
    if table is not None:
        return document.insert_after(table.statement, name, line)
    first = next(iter(fields.fields(site.node)), None)
    if first is None:
        raise document.unfit(site.line, f"{site.name} has no columns of its own", "add the index by hand")
    return document.insert_before(first.statement, name, line)


def _with_argument(value: cst.BaseExpression, new: cst.Call) -> cst.BaseExpression:
    """Return table arguments with one more, before the options that stand last."""
    if isinstance(value, cst.Dict):
        return cst.Tuple([cst.Element(new), cst.Element(value)])
    if not isinstance(value, cst.Tuple | cst.List):
        return cst.Tuple([cst.StarredElement(value), cst.Element(new)])
    elements = list(value.elements)
    if elements and isinstance(elements[-1].value, cst.Dict):
        last = elements[-1]
        return value.with_changes(elements=[*elements[:-1], cst.Element(new, comma=_separator(elements)), last])
    opening = (
        value.lpar[0].whitespace_after if isinstance(value, cst.Tuple) and value.lpar else cst.SimpleWhitespace("")
    )
    closing = (
        value.rpar[0].whitespace_before if isinstance(value, cst.Tuple) and value.rpar else cst.SimpleWhitespace("")
    )
    items, space = elements_with(elements, cst.Element(new), opening, closing)
    rpar = (
        [value.rpar[0].with_changes(whitespace_before=space)]
        if isinstance(value, cst.Tuple) and value.rpar
        else value.rpar
    )
    return value.with_changes(elements=items, rpar=rpar)


def _separator(elements: Sequence[cst.BaseElement]) -> cst.Comma:
    comma = elements[-2].comma if len(elements) > 1 else None
    return comma if isinstance(comma, cst.Comma) else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def _declaring(field: KnownField) -> cst.Call | None:
    """Return the call that makes the column: of a field of SQLModel, the column in it, if it has one."""
    value = field.default
    if not isinstance(value, cst.Call) or called(value) not in _COLUMNS:
        return None
    inner = keyword(value, "sa_column")
    return inner.value if inner is not None and isinstance(inner.value, cst.Call) else value


def _with_index(call: cst.Call) -> cst.Call:
    given = keyword(call, "index")
    if given is None:
        return call_with(call, argument("index", _YES))
    return cst.ensure_type(call.deep_replace(given.value, _YES), cst.Call)


def _is_plain(value: cst.BaseExpression) -> bool:
    return isinstance(value, cst.SimpleString | cst.Integer | cst.Float | cst.Name | cst.Attribute)
