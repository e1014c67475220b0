"""What a field or a parameter is preset with, by itself or in its description: `= None`, `= Field(None, gt=0)`."""

from __future__ import annotations

import libcst as cst

from fastwright.changes.editing.declared import Declared
from fastwright.changes.editing.document import Document
from fastwright.changes.editing.index import ClassSite, dotted

_DESCRIBING = frozenset({"Field", "Query", "Path", "Header", "Cookie", "Body", "Form", "File"})
_EQUAL = cst.AssignEqual(cst.SimpleWhitespace(" "), cst.SimpleWhitespace(" "))
_TIGHT = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))


def description(value: cst.BaseExpression | None) -> cst.Call | None:
    """Return `Field(...)` or `Query(...)`, if that is what stands there."""
    is_one = isinstance(value, cst.Call) and dotted(value.func).rpartition(".")[2] in _DESCRIBING
    return value if is_one and isinstance(value, cst.Call) else None


def preset(value: cst.BaseExpression | None) -> cst.BaseExpression | None:
    """Return the default that a declaration has, or nothing if a value has to be given."""
    call = description(value)
    if call is not None:
        args = [
            arg for arg in call.args if _position(call, arg) == 0 or _keyword(arg) in ("default", "default_factory")
        ]
        value = args[0].value if args else None
    return None if isinstance(value, cst.Ellipsis) else value


def described_with(call: cst.Call, default: str) -> cst.Call:
    """Return a description with a default, in the place of `...` if that is there."""
    value = cst.parse_expression(default)
    args = list(call.args)
    for number, arg in enumerate(args):
        if _position(call, arg) == 0 or _keyword(arg) == "default":
            args[number] = arg.with_changes(value=value)
            return call.with_changes(args=args)
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" ")) if args else cst.MaybeSentinel.DEFAULT
    new = cst.Arg(value, keyword=cst.Name("default"), equal=_TIGHT, comma=comma)
    return call.with_changes(args=[new, *args])


def assigned(node: cst.AnnAssign, default: str) -> cst.AnnAssign:
    """Return a field with a default behind it."""
    return node.with_changes(value=cst.parse_expression(default), equal=_EQUAL)


def with_default(function: cst.FunctionDef, name: str, default: str) -> cst.FunctionDef:
    """Return a function whose parameter has a default; it moves behind those that have none, which must be first."""
    old = list(function.params.params)
    at = next((number for number, one in enumerate(old) if one.name.value == name), -1)
    if at < 0:
        kwonly = [_preset(one, default) if one.name.value == name else one for one in function.params.kwonly_params]
        return function.with_changes(params=function.params.with_changes(kwonly_params=kwonly))
    last = max((number for number, one in enumerate(old) if one.default is None and number != at), default=-1)
    commas = [one.comma for one in old]
    moved = [*old[:at], *old[at + 1 : last + 1], _preset(old[at], default), *old[max(at, last) + 1 :]]
    params = [one.with_changes(comma=comma) for one, comma in zip(moved, commas, strict=True)]
    return function.with_changes(params=function.params.with_changes(params=params))


def check_order(document: Document, found: Declared) -> None:
    """Raise `Unfit` for a field of a dataclass before others that have no default: they could not follow it."""
    if not isinstance(found.site, ClassSite) or not any(
        "dataclass" in document.code(one) for one in found.site.node.decorators
    ):
        return
    if any("kw_only=True" in document.code(one).replace(" ", "") for one in found.site.node.decorators):
        return
    small = [
        part for line in found.site.node.body.body if isinstance(line, cst.SimpleStatementLine) for part in line.body
    ]
    following = small[small.index(found.node) + 1 :] if isinstance(found.node, cst.AnnAssign) else []
    if any(isinstance(one, cst.AnnAssign) and one.value is None for one in following):
        raise document.unfit(
            found.line, "fields without a default follow it, and could not in a dataclass", "move it to the end"
        )


def _preset(parameter: cst.Param, default: str) -> cst.Param:
    equal = _EQUAL if parameter.annotation else _TIGHT
    return parameter.with_changes(default=cst.parse_expression(default), equal=equal)


def _position(call: cst.Call, arg: cst.Arg) -> int:
    return call.args.index(arg) if arg.keyword is None and not arg.star else -1


def _keyword(arg: cst.Arg) -> str:
    return arg.keyword.value if arg.keyword else ""
