"""Misspellings: the one known word that a mistyped word must have been, or none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

_SHORTEST = 4


class Speller:
    """Knows words, and finds the nearest by swapped, missing, doubled and wrong letters."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: dict[str, set[str]] = defaultdict(set)
        for word in words:
            if len(word) >= _SHORTEST:
                self._words[word[0]].add(word)

    def nearest(self, word: str) -> str | None:
        """Return the known word that `word` stands for; none if there is none, or several alike."""
        if len(word) < _SHORTEST:
            return None
        allowed = 1 if len(word) < 8 else 2
        found: dict[int, list[str]] = defaultdict(list)
        for candidate in self._words.get(word[0], ()):
            if abs(len(candidate) - len(word)) <= allowed:
                distance = edits(word, candidate)
                if distance <= allowed and not _may_be_another(word, candidate):
                    found[distance].append(candidate)
        best = found[min(found)] if found else []
        if len(best) > 1:  # letters are left out more often than mistaken
            best = [candidate for candidate in best if len(candidate) > len(word)]
        return best[0] if len(best) == 1 else None


def edits(one: str, other: str) -> int:
    """Return how many letters have to be changed, added, left out or swapped with the next."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, other_letter in enumerate(other, 1):
            cost = min(above[column] + 1, line[-1] + 1, above[column - 1] + (letter != other_letter))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == other_letter
            line.append(min(cost, before[column - 2] + 1) if swapped else cost)
        before, above = above, line
    return above[-1]


def _may_be_another(word: str, candidate: str) -> bool:
    """Short words with one letter exchanged are other words (`older`, `order`), and so are those with other endings."""
    if len(word) == len(candidate) and sorted(word) != sorted(candidate):
        return len(word) < 7
    return len(word) < 5 and sorted(word) != sorted(candidate)
