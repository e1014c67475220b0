"""Base forms: `deleting`, `deleted` and `deletes` are `delete`; `policies` is `policy`."""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import cache

import inflection

from fastwright.agent.language.wordsets import word_set

IRREGULAR = {
    "broke": "break", "broken": "break", "built": "build", "came": "come", "children": "child", "did": "do",
    "does": "do", "done": "do", "done's": "do", "ended": "end", "forgot": "forget", "forgotten": "forget",
    "found": "find", "gave": "give", "given": "give", "goes": "go", "gone": "go", "got": "get", "gotten": "get",
    "had": "have", "has": "have", "having": "have", "hid": "hide", "hidden": "hide", "kept": "keep", "left": "leave",
    "lost": "lose", "made": "make", "men": "man", "paid": "pay", "people": "person", "ran": "run", "running": "run",
    "said": "say", "saw": "see", "seen": "see", "sent": "send", "shown": "show", "sold": "sell", "spoke": "speak",
    "stuck": "stick", "taken": "take", "took": "take", "taught": "teach", "thought": "think", "told": "tell",
    "was": "be", "were": "be", "are": "be", "is": "be", "am": "be", "been": "be", "being": "be", "went": "go",
    "written": "write", "wrote": "write", "an": "a", "indices": "index", "statuses": "status", "analyses": "analysis",
    "criteria": "criterion", "series": "series", "species": "species", "news": "news", "media": "media",
    "lives": "live", "quizzes": "quiz", "shelves": "shelf", "knew": "know", "known": "know",
    "grew": "grow", "grown": "grow", "began": "begin", "meant": "mean", "might": "may", "felt": "feel",
    "cancelled": "cancel", "cancelling": "cancel", "caught": "catch", "bought": "buy", "dies": "die", "dying": "die",
    "resent": "resend",
}  # fmt: skip
_VOWELS = "aeiou"
_COMPARED = word_set(
    """
    cheap clean clear dark deep great hard high light long low new old short slow small smart smooth soon strong strict
    tight weak
    """
)
_NO_PLURALS = frozenset({"data", "media", "metadata", "criteria"})


def base_form(word: str, known: Container[str]) -> str | None:
    """Return the base form of a lower-case word that is `known`; none if no form of it is."""
    if word in known:
        return word
    if word in IRREGULAR:
        return IRREGULAR[word]
    return next((candidate for candidate in _candidates(word) if candidate in known), None)


@cache
def guessed_form(word: str) -> str:
    """Return the most likely singular of a word that is not known."""
    if word in IRREGULAR:
        return IRREGULAR[word]
    if word.endswith("men") and len(word) > 5:
        return word[:-3] + "man"
    return word if word in _NO_PLURALS else inflection.singularize(word)


def _candidates(word: str) -> Iterator[str]:
    """Yield what the word may be a form of, the most likely first."""
    if word.endswith("men") and len(word) > 5:
        yield word[:-3] + "man"
    if word.endswith("ies"):
        yield word[:-3] + "y"
    if word.endswith("ves"):
        yield word[:-3] + "f"
        yield word[:-3] + "fe"
    if word.endswith("s") and not word.endswith("ss"):
        yield word[:-1]
        if word.endswith("es"):
            yield word[:-2]
            yield from _doubled(word[:-2])
    for ending in ("ing", "ed", "er"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            yield from _stems(word[: -len(ending)], ending)
    if word.endswith("ly") and len(word) > 4:
        yield word[:-2]


def _stems(stem: str, ending: str) -> Iterator[str]:
    if ending in {"ed", "er"} and stem.endswith("i"):
        yield stem[:-1] + "y"
    if ending == "er":  # faster, but never: number, keeper
        if stem in _COMPARED:
            yield stem
        return
    yield stem
    yield stem + "e"
    yield from _doubled(stem)


def _doubled(stem: str) -> Iterator[str]:
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in _VOWELS:
        yield stem[:-1]
