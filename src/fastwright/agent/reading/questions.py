"""Questions that are no wishes: about what is, what was done, and what should be done."""

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
