"""The nearest examples: what sentences like this one ask for, by TF-IDF over words and pieces of words."""

from __future__ import annotations

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from fastwright.agent.language.words import Reader
from fastwright.agent.language.wordsets import word_set
from fastwright.agent.reading.lexicon import DATA, lexicon

_FILE = "examples.txt"
_NEIGHBOURS = 4
_STOP = word_set(
    """
    the a an please i we you my our to of be it that and can could would will so just some do for in on with have
    """
)


class Examples:
    """Labelled sentences, as vectors."""

    def __init__(self, labelled: Sequence[tuple[str, Sequence[str]]]) -> None:
        counts = [(label, Counter(_features(lemmas))) for label, lemmas in labelled]
        frequency = Counter(feature for _, features in counts for feature in features)
        self._rarity = {feature: math.log(1 + len(counts) / seen) for feature, seen in frequency.items()}
        self._labels = [label for label, _ in counts]
        self._vectors: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, (_, features) in enumerate(counts):
            for feature, weight in self._weighed(features).items():
                self._vectors[feature].append((number, weight))

    def nearest(self, lemmas: Sequence[str]) -> list[tuple[str, float]]:
        """Return the labels of the nearest sentences with how near they are, from 0 to 1, the nearest first."""
        scores: dict[int, float] = defaultdict(float)
        for feature, weight in self._weighed(Counter(_features(lemmas))).items():
            for number, other in self._vectors.get(feature, ()):
                scores[number] += weight * other
        best: dict[str, float] = {}
        for number in sorted(scores, key=lambda one: -scores[one])[: _NEIGHBOURS * 3]:
            best.setdefault(self._labels[number], scores[number])
        return list(best.items())[:_NEIGHBOURS]

    def _weighed(self, features: Mapping[str, int]) -> dict[str, float]:
        unseen = math.log(1 + len(self._labels)) if hasattr(self, "_labels") else 1.0
        weights = {feature: count * self._rarity.get(feature, unseen) for feature, count in features.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {feature: weight / length for feature, weight in weights.items()}


def _features(lemmas: Sequence[str]) -> Iterator[str]:
    """Yield the words, their pairs, and the pieces of words that a misspelling leaves whole."""
    telling = [lemma for lemma in lemmas if lemma not in _STOP and lemma[:1].isalnum()]
    yield from telling
    yield from (f"{one} {other}" for one, other in itertools.pairwise(telling))
    for lemma in telling:
        if len(lemma) > 4:
            yield from (f"~{lemma[start : start + 4]}" for start in range(len(lemma) - 3))


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
