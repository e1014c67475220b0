"""Match cues against words: which intents there is evidence for, where, and how strong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fastwright.agent.language.words import Word
from fastwright.agent.reading.lexicon import Cue, Element, Lexicon

_GAP = 5


@dataclass(frozen=True, slots=True)
class Spot:
    """What cues can match at one position: its words and marks such as `<place>`; `end` is the position after it."""

    names: frozenset[str]
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """A cue that was found, from `start` to `end`."""

    cue: Cue
    start: int
    end: int

    @property
    def intent(self) -> str:
        return self.cue.intent


def spots(words: Sequence[Word], marks: Mapping[int, tuple[str, int]]) -> list[list[Spot]]:
    """Return what is at each position: the word, and what the marks (`<role>` up to the position after it) say."""
    found: list[list[Spot]] = []
    for place, word in enumerate(words):
        names = {word.text} if word.text in _METHODS else {word.lemma, word.text.lower()}
        here = [Spot(frozenset(names), place + 1)]
        if word.kind == "number":
            counted = place + 1 < len(words) and words[place + 1].text.lower() == words[place + 1].lemma + "s"
            status = {"<status>"} if is_status(word.text) and not counted else set[str]()
            here.append(Spot(frozenset({"<number>"} | status), place + 1))
        elif word.kind == "url":
            here.append(Spot(frozenset({"<url>"}), place + 1))
        if place in marks:
            name, end = marks[place]
            here.append(Spot(frozenset({name}), end))
        found.append(here)
    return found


def evidence(lexicon: Lexicon, there: Sequence[Sequence[Spot]]) -> Iterator[Evidence]:
    """Yield the evidence in the words; a cue is found once at each position."""
    for start, here in enumerate(there):
        seen: set[int] = set()
        for spot in here:
            for name in spot.names:
                for cue in lexicon.cues.get(name, ()):
                    if cue.first and start:
                        continue
                    if id(cue) not in seen and (end := _end(cue.elements, there, start)) is not None:
                        seen.add(id(cue))
                        yield Evidence(cue, start, end)


def _end(elements: Sequence[Element], there: Sequence[Sequence[Spot]], place: int) -> int | None:
    """Return where the last element ends if all of them match from `place` on."""
    if not elements:
        return place
    first, rest = elements[0], elements[1:]
    for start in range(place, min(len(there), place + (_GAP if first.gap else 0) + 1)):
        for spot in there[start]:
            if first.words & spot.names and (end := _end(rest, there, spot.end)) is not None:
                return end
    return _end(rest, there, place) if first.optional else None


_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})


def is_status(text: str) -> bool:
    """Return whether a number is the status of a refused or failed request."""
    return len(text) == 3 and text[0] in "45" and text.isdigit()
