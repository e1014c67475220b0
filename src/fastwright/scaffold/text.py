"""How values and words are written in generated Python."""

from __future__ import annotations

import inflection


def literal(value: str | int | float | bool | None) -> str:
    """Return the Python literal of a value, with double quotes."""
    if not isinstance(value, str):
        return repr(value)
    quoted = repr(value)
    if quoted.startswith("'"):
        return '"' + quoted[1:-1].replace('"', '\\"') + '"'
    return quoted


def docstring(text: str) -> str:
    """Return text that can stand within three double quotes, as one paragraph."""
    flat = " ".join(text.split())
    return flat.replace("\\", "\\\\").replace('"', "'")


def words(name: str) -> str:
    """Return `order_items` as `order items`."""
    return name.replace("_", " ")


def article(phrase: str) -> str:
    """Return `a` or `an`, as the phrase is most likely said."""
    exceptions = ("uni", "use", "user", "eur", "one")
    return "an" if phrase[:1] in "aeiou" and not phrase.startswith(exceptions) else "a"


def title(name: str) -> str:
    """Return `order_item` as `Order item`."""
    return inflection.humanize(name)


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())
