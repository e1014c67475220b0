"""Add to the signature of a function, so that no default comes before a parameter without one."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from fastwright.changes.editing.sequences import parameters_with

Part = cst.Param | cst.ParamStar | cst.ParamSlash


def signature_with(node: cst.FunctionDef, new: cst.Param) -> cst.FunctionDef:
    """Return the function with one more parameter.

    It goes among those that are given by name only, if there are such, since there it moves no other; otherwise
    behind the last, or, if it has no default, behind the last that has none.
    """
    parts = _flat(node.params)
    at = _place(node.params, new, parts)
    if not parts:
        return node.with_changes(params=cst.Parameters(params=[new]))
    parts = parameters_with(parts, new, at, node.whitespace_before_params)
    return node.with_changes(params=_gathered(parts, node.params))


def _flat(parameters: cst.Parameters) -> list[Part]:
    slash = [parameters.posonly_ind] if isinstance(parameters.posonly_ind, cst.ParamSlash) else []
    star = [] if isinstance(parameters.star_arg, cst.MaybeSentinel) else [parameters.star_arg]
    double = [parameters.star_kwarg] if parameters.star_kwarg else []
    return [*parameters.posonly_params, *slash, *parameters.params, *star, *parameters.kwonly_params, *double]


def _place(parameters: cst.Parameters, new: cst.Param, parts: Sequence[Part]) -> int:
    end = len(parts) - bool(parameters.star_kwarg)
    if not isinstance(parameters.star_arg, cst.MaybeSentinel):
        return end
    if new.default is not None:
        return end
    return next(
        (number for number, part in enumerate(parts[:end]) if isinstance(part, cst.Param) and part.default), end
    )


def _gathered(parts: Sequence[Part], old: cst.Parameters) -> cst.Parameters:
    """Put a flat list of parts back; the slash and the star in it tell what is what."""
    rest = list(parts)
    double = rest.pop() if old.star_kwarg else None
    slash_at = next((number for number, part in enumerate(rest) if isinstance(part, cst.ParamSlash)), -1)
    positional, slash, rest = rest[: max(slash_at, 0)], rest[max(slash_at, 0) : slash_at + 1], rest[slash_at + 1 :]
    star_at = next((number for number, part in enumerate(rest) if part is _star(part)), len(rest))
    return old.with_changes(
        posonly_params=positional,
        posonly_ind=slash[0] if slash else cst.MaybeSentinel.DEFAULT,
        params=rest[:star_at],
        star_arg=rest[star_at] if star_at < len(rest) else cst.MaybeSentinel.DEFAULT,
        kwonly_params=rest[star_at + 1 :],
        star_kwarg=double,
    )


def _star(part: Part) -> Part | None:
    return part if isinstance(part, cst.ParamStar) or (isinstance(part, cst.Param) and part.star == "*") else None
