"""Sets of words, written as text."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


# What is allowed, or has to be, is said with one of these.
MODALS = word_set("may can could should must shall")
