"""How likely a sentence asks for each thing: naive Bayes over the sentences that are shipped as examples."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from fastwright.agent.language.words import Reader
from fastwright.agent.language.wordsets import word_set
from fastwright.agent.reading.lexicon import DATA, lexicon

_FILE = "examples.txt"
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
    """Labelled sentences, by the features that they have."""

    def __init__(self, labelled: Sequence[tuple[str, Sequence[str]]]) -> None:
        self._labels_of: dict[str, list[str]] = defaultdict(list)
        self._sizes: Counter[str] = Counter()
        for label, lemmas in labelled:
            features = set(_features(lemmas))
            self._sizes[label] += len(features)
            for feature in features:
                self._labels_of[feature].append(label)
        self._known: dict[str, list[float]] = {}

    def opinion(self, lemmas: Sequence[str]) -> Opinion | None:
        """Return how likely each label is for a sentence; nothing if it has no word that an example has."""
        known = [feature for feature in set(_features(lemmas)) if feature in self._labels_of]
        if not known:
            return None
        odds = map(sum, zip(*(self._evidence(feature) for feature in known), strict=True))
        return Opinion(tuple(sorted(zip(self._sizes, odds, strict=True), key=lambda one: -one[1])))

    def _evidence(self, feature: str) -> list[float]:
        """Return the logarithm of the odds that a feature gives each label."""
        if feature not in self._known:
            counts = Counter(self._labels_of[feature])
            room, everywhere, size = _SMOOTHING * len(self._labels_of), counts.total(), self._sizes.total()
            self._known[feature] = [
                math.log((counts[label] + _SMOOTHING) / (own + room))
                - math.log((everywhere - counts[label] + _SMOOTHING) / (size - own + room))
                for label, own in self._sizes.items()
            ]
        return self._known[feature]


def _features(lemmas: Sequence[str]) -> Iterator[str]:
    """Yield the words that tell something, and their pairs."""
    telling = list(_rated([lemma for lemma in lemmas if lemma not in _STOP and (lemma[:1].isalnum() or lemma == "/")]))
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


@cache
def examples() -> Examples:
    """Return the examples that are shipped."""
    words = lexicon()
    reader = Reader(words.words, frozenset(), words.merges)
    labelled: list[tuple[str, Sequence[str]]] = []
    label = ""
    for line in (DATA / _FILE).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            label = line.strip("[]")
        elif line and not line.startswith("#"):
            labelled.append((label, reader.plainly(line)))
    return Examples(labelled)
