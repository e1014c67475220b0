"""The lexicon: cues and the intents that they are evidence for, read once from `data/`."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent.parent / "data"
WEIGHTS = {"strong": 3.0, "symptom": 2.6, "medium": 2.0, "weak": 1.0}


@dataclass(frozen=True, slots=True)
class Element:
    """One position of a cue: any of `words`; it may be missing (`optional`), or be after a gap."""

    words: frozenset[str]
    optional: bool = False
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Cue:
    """A sequence of elements that is evidence for `intent`."""

    intent: str
    weight: float
    elements: tuple[Element, ...]
    symptom: bool = False
    first: bool = False


@dataclass(frozen=True)
class Outside:
    """A group of requests that are not ours, and what can be done instead."""

    about: str
    instead: str


@dataclass(frozen=True)
class Lexicon:
    """All cues by the words that they start with, and every word of the language that is known."""

    cues: Mapping[str, Sequence[Cue]]
    outside: Mapping[str, Outside]
    merges: dict[str, list[tuple[str, ...]]]
    rings: Mapping[str, Sequence[str]]
    verbs: Mapping[str, Sequence[str]]
    words: frozenset[str]
    telling: frozenset[str]
    plain: frozenset[str]
    overrules: Mapping[str, frozenset[str]]
    ours: Mapping[str, frozenset[str]]


@cache
def lexicon() -> Lexicon:
    """Return the lexicon that is shipped."""
    data = tomllib.loads((DATA / "lexicon.toml").read_text(encoding="utf-8"))
    cues: dict[str, list[Cue]] = defaultdict(list)
    for table in ("intents", "outside"):
        for name, entry in data[table].items():
            intent = name if table == "intents" else f"outside.{name}"
            for strength, weight in WEIGHTS.items():
                for text in entry.get(strength, ()):
                    cue = Cue(
                        intent, weight, _elements(text.removeprefix("^")), strength == "symptom", text.startswith("^")
                    )
                    for word in cue.elements[0].words:
                        cues[word].append(cue)
    rings, verbs = _synonyms()
    merges, merged = _merges(data["merge"])
    plain = frozenset(_lines("english.txt"))
    spoken = {word for found in cues.values() for cue in found for element in cue.elements for word in element.words}
    words = plain | merged | {word for word in spoken if not word.startswith("<")} | set(rings) | set(verbs)
    telling = frozenset(word for word in spoken | merged if not word.startswith("<"))
    return Lexicon(
        cues=cues,
        outside={name: Outside(one["about"], one["instead"]) for name, one in data["outside"].items()},
        merges=merges,
        rings=rings,
        verbs=verbs,
        words=words,
        telling=telling,
        plain=plain | merged,
        overrules={name: frozenset(others) for name, others in data["overrules"].items()},
        ours={name: frozenset(groups) for name, groups in data["ours"].items()},
    )


def _elements(text: str) -> tuple[Element, ...]:
    elements: list[Element] = []
    gap = False
    for part in text.split():
        if part == "..":
            gap = True
            continue
        elements.append(Element(frozenset(part.rstrip("?").split("|")), part.endswith("?"), gap))
        gap = False
    return tuple(elements)


def _merges(table: Mapping[str, Sequence[str]]) -> tuple[dict[str, list[tuple[str, ...]]], set[str]]:
    merges: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    words = set(table)
    for merged, phrases in table.items():
        for phrase in phrases:
            parts = tuple(phrase.split())
            merges[parts[0]].append((*parts, merged))
            words.update(parts)
    return dict(merges), words


def _synonyms() -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[str]]]:
    rings: dict[str, list[str]] = defaultdict(list)
    verbs: dict[str, list[str]] = {}
    for line in (DATA / "synonyms.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line:
            continue
        if ">" in line:
            verb, _, nouns = line.partition(" > ")
            verbs[verb] = nouns.split()
            continue
        ring = line.split()
        for word in ring:
            rings[word] += [other for other in ring if other != word and other not in rings[word]]
    return rings, verbs


def _lines(name: str) -> list[str]:
    return (DATA / name).read_text(encoding="utf-8").split()
