"""What is no wish although it sounds like one: questions about what is, or should be done, and what must not be."""

from __future__ import annotations

import itertools

from fastwright.agent.reading.chunks import Chunk


def only_asks(chunk: Chunk) -> bool:
    """Whether a chunk is a question about what is, and no wish that is put as one: `what can strangers read?`."""
    if not chunk.asks:
        return False
    if wants_advice(chunk):
        return True
    who = any(one in {"who", "which"} and other in _IS for one, other in itertools.pairwise(chunk.lemmas[:8]))
    return who or (chunk.lemmas[:1] in _ASKS and chunk.lemmas[1:2] != ("not",))


def wants_advice(chunk: Chunk) -> bool:
    """Whether a question asks what should be done, or what was: `should we cache it?`, `did you already cache it?`."""
    pairs = {*itertools.pairwise(chunk.lemmas)}
    return chunk.asks and (chunk.lemmas[:2] in _ADVICE or bool(pairs & _OPINIONS))


def denies(chunk: Chunk) -> bool:
    """Whether something must not be made possible: `don't let them upload files`; that may ask for a guard only."""
    said = [lemma for lemma in chunk.lemmas[:4] if lemma not in {"please", "do", "and", "but", "just"}]
    return said[:1] in (["not"], ["never"]) and said[1:2] in (["let"], ["allow"], ["make"], ["give"], ["permit"])


RESTRICTS = frozenset({"protect", "auth", "rate-limit", "idempotency", "soft-delete"})


_IS = frozenset({"can", "may", "be", "have", "do", "could", "endpoint", "route"})
_ASKS = (("any",), ("anything",), ("what",), ("which",), ("who",), ("whose",), ("be",), ("do",), ("how",), ("have",))
_ADVICE = frozenset({
    ("should", "we"), ("should", "i"), ("should", "one"), ("why", "would"), ("why", "should"), ("how", "hard"),
    ("how", "difficult"), ("how", "long"), ("how", "much"), ("what", "if"), ("what", "would"), ("do", "we"),
    ("have", "you"), ("have", "we"),
})  # fmt: skip
_OPINIONS = frozenset({
    ("good", "idea"), ("bad", "idea"), ("make", "sense"), ("worth", "it"), ("you", "think"), ("you", "recommend"),
    ("you", "suggest"), ("you", "rather"), ("you", "already"), ("we", "already"),
})  # fmt: skip
