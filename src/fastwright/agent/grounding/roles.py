"""Who is to be let through: the role that the words name, whether the project has it or not."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastwright.agent.language.words import Word
from fastwright.agent.language.wordsets import word_set

_ANYBODY = word_set(
    """
    user person everyone everybody anyone anybody somebody someone login authenticate register token owner member we
    i you client caller account one who those access method request read write they it that this these allow change
    signup public jwt password internet world nobody stranger visitor consumer header number order filter other
    error parameter character letter whoever later soon now yet too first list dinner
    """
)
PERSONS = word_set(
    """
    manager supervisor boss editor staff customer admin operator accountant intern employee auditor support sales
    superuser moderator developer owner chef librarian clerk nurse agent expert marketing guest teacher student
    doctor author colleague
    """
)
_ENDINGS = ("er", "or", "ist", "ian", "ant", "man", "ee", "eur", "lead", "chief")
_LOGGED_IN = frozenset({"login", "authenticate", "token", "account"})
_ARTICLES = frozenset({"a", "an", "the", "our", "my", "all", "any", "real", "actual"})
_MODALS = word_set(
    """
    may can should must be have able shall will get need
    """
)
_ALONE = frozenset({"only", "alone", "exclusively", "solely"})


@dataclass(frozen=True)
class Role:
    """A role as the words have it, and where."""

    name: str
    start: int
    exists: bool


def roles_named(words: Sequence[Word], existing: Sequence[str], taken: frozenset[int]) -> Iterator[Role]:
    """Yield the roles that the words name; at the positions `taken` there are places of the project.

    A word that is a place, too, such as the doctors of a clinic, is a role only where a role must be.
    """
    for place, word in enumerate(words):
        if word.kind not in {"word", "identifier"}:
            continue
        if _is_shut_out(words, place):
            continue
        exists = word.lemma in existing
        slot = _is_slot(words, place)
        if _at(words, place + 1) in {"who", "that", "with"} and _LOGGED_IN & {
            one.lemma for one in words[place : place + 6]
        }:
            continue  # staff that are logged in
        if exists and (slot or (place not in taken and _stands_for_people(words, place))):
            yield Role(word.lemma, place, exists=True)
        elif not exists and slot and (_is_person(word) or _is_named(words, place)):
            if place in taken and _before(words, place) == "for" and not _is_the_one(words, place + 1):
                continue  # just pages for customers
            yield Role(word.lemma, place, exists=False)


def _is_named(words: Sequence[Word], place: int) -> bool:
    """Whether the word is what a role is called: `the role device`."""
    word = words[place]
    called = _at(words, place - 1) == "role" and _at(words, place - 2) in _ARTICLES | {"by", "to", "for"}
    return called and not word.is_participle and word.lemma not in _ANYBODY


def _is_person(word: Word) -> bool:
    if word.lemma in _ANYBODY or len(word.lemma) < 3:
        return False
    return word.lemma in PERSONS or not word.known or (len(word.lemma) > 3 and word.lemma.endswith(_ENDINGS))


def _stands_for_people(words: Sequence[Word], place: int) -> bool:
    """`admin` in `admin panel` or `admin users` is no role that is let through."""
    return _at(words, place + 1) not in {"panel", "interface", "area", "page", "dashboard", "ui", "endpoint", "route"}


def _is_slot(words: Sequence[Word], place: int) -> bool:
    after_place = place + 2 if _at(words, place + 1) in _OF_A_ROLE else place + 1
    before, after = _before(words, place), _at(words, after_place)
    if after in _MODALS and _is_the_one(words, after_place):
        return True
    follows = after in _ALONE or after in {"role", "right", "privilege", "permission", "level"}
    if follows and not (after == "only" and _at(words, place + 2) == "endpoint" and before == ""):
        return True
    if (
        before in {"role", "roles"}
        or _is_owner(words, place)
        or (after == "and" and _at(words, place + 2) in {"nobody", "only", "noone"})
    ):
        return True
    if before in {"only", "just", "solely", "exclusively"}:
        return _is_let(words, place, after)
    if before == "but" and {"nobody", "noone", "none"} & {word.lemma for word in words[max(0, place - 4) : place]}:
        return True
    return _is_end(after) and _is_given(words, place, before)


def _is_the_one(words: Sequence[Word], modal: int) -> bool:
    """Whether those before a modal may, and nobody else: `organizers should be the ones to …`."""
    pairs = {(one.lemma, other.lemma) for one, other in itertools.pairwise(words)}
    alone = pairs & {("only", "one"), ("nobody", "else"), ("only", "ones")}
    return bool(alone) or (_at(words, modal + 1) == "be" and _at(words, modal + 3) in {"one", "ones"})


def _is_owner(words: Sequence[Word], place: int) -> bool:
    """Whether something is for those alone whose it is said to be: `the doctors' business, nobody else's`."""
    owns = words[place].text.endswith(("'", "’", "'s", "’s"))
    return owns and _at(words, place + 1) in {"business", "eye", "job", "privilege", "right", "matter"}


def _is_let(words: Sequence[Word], place: int, after: str) -> bool:
    """Whether those after `only` may do something: `let only dispatchers record it`, and not `I only want to know`."""
    earlier = {word.lemma for word in words[max(0, place - 3) : place]}
    follows = after in _MODALS | {"", ".", ",", "and", "or", "to", "!", ")", "who", "with", "that", ";"}
    return "let" in earlier or (follows and not {"i", "we"} & earlier)


def _is_shut_out(words: Sequence[Word], place: int) -> bool:
    """Whether it says who may not: `nurses may not delete`."""
    after = place + 2 if _at(words, place + 1) in _OF_A_ROLE | {"role"} else place + 1
    return _at(words, after) in _MODALS and _at(words, after + 1) in {"not", "never"}


_OF_A_ROLE = frozenset({"person", "people", "staff", "team", "user", "member", "folk", "employee", "account"})


_LIMITING = word_set(
    """
    only restrict limit reserve exclusively solely confine close allow accessible available lock shall grant just open
    """
)


def _is_given(words: Sequence[Word], place: int, before: str) -> bool:
    """Whether access is for, limited to, or behind what is here."""
    earlier = {word.lemma for word in words[max(0, place - 9) : place]}
    if before == "to" and "close" in earlier:
        return False  # closed to guests
    if before in {"to", "for", "by"}:
        alone = before == "for" and "be" in earlier and bool({"nobody", "noone", "one"} & {one.lemma for one in words})
        return alone or bool(earlier & _LIMITING)
    if before == "but":
        return bool(earlier & {"nobody", "noone", "none", "anybody", "one"})
    if before == "be":
        return _at(words, place - 1) in _ARTICLES and bool(earlier & {"must", "have", "need", "should"})
    return before == "behind"


def _is_end(after: str) -> bool:
    return after in {"", ".", ",", "!", "?", ")", ";", "and", "or", "please", "\n", "to", "role", "everywhere"}


def _before(words: Sequence[Word], place: int) -> str:
    while place > 0 and words[place - 1].lemma in _ARTICLES:
        place -= 1
    return words[place - 1].lemma if place else ""


def _at(words: Sequence[Word], place: int) -> str:
    return words[place].lemma if 0 <= place < len(words) else ""
