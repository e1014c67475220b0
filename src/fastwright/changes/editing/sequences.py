"""Put one more item between brackets, in the way in which the items that are there were written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar, cast

import libcst as cst

Space = cst.BaseParenthesizableWhitespace
Item = TypeVar("Item", bound=cst.CSTNode)

_NOTHING = cst.SimpleWhitespace("")
_SPACE = cst.SimpleWhitespace(" ")


def inserted(items: Sequence[Item], new: Item, at: int, opening: Space, closing: Space) -> tuple[list[Item], Space]:
    """Return the items with the new one, and the space before the closing bracket.

    `opening` is the space after the opening bracket. The space before the closing one is `closing` alone: none of it is
    in the comma of the last item.
    """
    if at < len(items):
        new = _with_comma(new, cst.Comma(whitespace_after=_plain(_separator(items, opening))))
        return [*items[:at], new, *items[at:]], closing
    if not items:
        return [new], closing
    *others, last = items
    comma = comma_of(last)
    before = comma.whitespace_before if comma else _NOTHING
    between, rest = _split(_separator(items, opening), opening, closing)
    new = _with_comma(new, cst.Comma() if comma else None)
    return [*others, _with_comma(last, cst.Comma(before, between)), new], rest


def comma_of(item: cst.CSTNode) -> cst.Comma | None:
    """Return the comma after an item, if there is one."""
    comma = getattr(item, "comma", None)
    return comma if isinstance(comma, cst.Comma) else None


def _with_comma(item: Item, comma: cst.Comma | None) -> Item:
    return item.with_changes(comma=comma or cst.MaybeSentinel.DEFAULT)


def _separator(items: Sequence[cst.CSTNode], opening: Space) -> Space:
    """Return what stands between items: as between the last two, or else as before the first."""
    if len(items) > 1 and (comma := comma_of(items[-2])):
        return comma.whitespace_after
    return opening if isinstance(opening, cst.ParenthesizedWhitespace) else _SPACE


def _plain(space: Space) -> Space:
    """Return the space without the comments in it."""
    if isinstance(space, cst.ParenthesizedWhitespace):
        return space.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=[])
    return space


def _split(separator: Space, opening: Space, closing: Space) -> tuple[Space, Space]:
    """Return the space before the new item and the one after it; comments stay with what they were written behind."""
    if not isinstance(closing, cst.ParenthesizedWhitespace):
        return _plain(separator), closing
    commented = closing.first_line.comment or closing.empty_lines
    if not commented and not isinstance(separator, cst.ParenthesizedWhitespace):
        return _plain(separator), closing
    indented = next(
        (space for space in (separator, opening) if isinstance(space, cst.ParenthesizedWhitespace)), closing
    )
    before = closing.with_changes(indent=indented.indent, last_line=indented.last_line)
    return before, closing.with_changes(first_line=cst.TrailingWhitespace(), empty_lines=[])


def call_with(call: cst.Call, new: cst.Arg) -> cst.Call:
    """Return the call with one more argument at its end."""
    items, closing = _without_closing(call.args, "whitespace_after_arg")
    if not items:
        return call.with_changes(args=[new])
    added, closing = inserted(items, new, len(items), call.whitespace_before_args, closing)
    return call.with_changes(args=_with_closing(added, closing, "whitespace_after_arg"))


def elements_with(
    elements: Sequence[cst.BaseElement], new: cst.BaseElement, opening: Space, closing: Space
) -> tuple[list[cst.BaseElement], Space]:
    """Return the elements of a list or a tuple with one more at the end, and the space before the closing bracket."""
    return inserted(elements, new, len(elements), opening, closing)


def _without_closing(items: Sequence[Item], attribute: str) -> tuple[list[Item], Space]:
    """Take the space before the closing bracket out of the last item, where calls and signatures keep it."""
    if not items:
        return [], _NOTHING
    *others, last = items
    if comma := comma_of(last):
        return [*others, _with_comma(last, comma.with_changes(whitespace_after=_NOTHING))], comma.whitespace_after
    closing = cast("Space", getattr(last, attribute, _NOTHING))
    if closing is _NOTHING:
        return [*others, last], closing
    return [*others, last.with_changes(**{attribute: _NOTHING})], closing


def _with_closing(items: Sequence[Item], closing: Space, attribute: str) -> list[Item]:
    *others, last = items
    if comma := comma_of(last):
        return [*others, _with_comma(last, comma.with_changes(whitespace_after=closing))]
    return [*others, last.with_changes(**{attribute: closing}) if hasattr(last, attribute) else last]


def parameters_with(items: Sequence[Item], new: Item, at: int, opening: Space) -> list[Item]:
    """Return the parts of a signature with one more at a place."""
    bare, closing = _without_closing(items, "whitespace_after_param")
    added, closing = inserted(bare, new, at, opening, closing)
    return _with_closing(added, closing, "whitespace_after_param")
