"""How likely a sentence asks for each thing: naive Bayes over the sentences that are shipped as examples."""

from __future__ import annotations

import itertools
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from fastwright.agent.language.words import Reader
from fastwright.agent.language.wordsets import word_set
from fastwright.agent.reading.lexicon import DATA, lexicon

_SMOOTHING = 0.3
_STOP = word_set(
    """
    the a an please i we you my our to of be it that and can could would will so just some do for in on with have
    """
)


@dataclass(frozen=True)
class Opinion:
    """What a sentence asks for, the likeliest first, each with the logarithm of its odds against all others."""

    ranked: tuple[tuple[str, float], ...]

    @property
    def best(self) -> str:
        """Return the likeliest label."""
        return self.ranked[0][0]

    @property
    def margin(self) -> float:
        """Return by how much the likeliest is ahead of the next."""
        return self.ranked[0][1] - self.ranked[1][1]

    def doubt(self, label: str) -> float:
        """Return by how much the likeliest is ahead of `label`."""
        return self.ranked[0][1] - dict(self.ranked)[label]


class Examples:
    """What labelled sentences have in common: how often each label has each feature."""

    def __init__(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        self._counts = counts
        self._sizes: Counter[str] = Counter()
        for each in counts.values():
            for label, times in each.items():
                self._sizes[label] += times
        self._known: dict[str, list[float]] = {}

    def opinion(self, lemmas: Sequence[str]) -> Opinion | None:
        """Return how likely each label is for a sentence; nothing if it has no word that an example has."""
        known = [feature for feature in set(_features(lemmas)) if feature in self._counts]
        if not known:
            return None
        odds = map(sum, zip(*(self._evidence(feature) for feature in known), strict=True))
        return Opinion(tuple(sorted(zip(self._sizes, odds, strict=True), key=lambda one: -one[1])))

    def _evidence(self, feature: str) -> list[float]:
        """Return the logarithm of the odds that a feature gives each label."""
        if feature not in self._known:
            counts = self._counts[feature]
            room, everywhere, size = _SMOOTHING * len(self._counts), sum(counts.values()), self._sizes.total()
            self._known[feature] = [
                math.log((counts.get(label, 0) + _SMOOTHING) / (own + room))
                - math.log((everywhere - counts.get(label, 0) + _SMOOTHING) / (size - own + room))
                for label, own in self._sizes.items()
            ]
        return self._known[feature]


def _features(lemmas: Sequence[str]) -> Iterator[str]:
    """Yield the words that tell something, and their pairs."""
    telling = [lemma for lemma in lemmas if lemma not in _STOP and (lemma[:1].isalnum() or lemma == "/")]
    if "/" in telling or not _UNITS.isdisjoint(telling):
        telling = list(_rated(telling))
    yield from telling
    yield from (f"{one} {other}" for one, other in itertools.pairwise(["^", *telling]))


_PER = frozenset({"per", "each", "every", "/"})
_UNITS = word_set("second minute hour day s m h d sec min")


def _rated(lemmas: Sequence[str]) -> Iterator[str]:
    """Yield the words, `num/minute` as a rate, and `num minutes` as a time."""
    for place, lemma in enumerate(lemmas):
        if lemma in _UNITS and place:
            before = lemmas[place - 1]
            yield "rate" if before in _PER else "duration" if before == "num" else lemma
        elif lemma != "/":
            yield lemma


def counted() -> dict[str, dict[str, int]]:
    """Return how often each label of the sentences that are shipped has each feature, all in the order of the alphabet.

    It takes longer than a plan may, so the result is shipped, too: `scripts/count_examples.py` writes it.
    """
    words = lexicon()
    reader = Reader(words.words, frozenset(), words.merges)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    label = ""
    for line in (DATA / "examples.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            label = line.strip("[]")
        elif line and not line.startswith("#"):
            for feature in set(_features(reader.plainly(line))):
                counts[feature][label] += 1
    return {feature: dict(sorted(counts[feature].items())) for feature in sorted(counts)}


@cache
def examples() -> Examples:
    """Return the examples that are shipped."""
    return Examples(json.loads((DATA / "counts.json").read_text(encoding="utf-8")))
