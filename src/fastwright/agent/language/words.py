"""From tokens to words in their base forms, with contractions opened, typing errors mended and compounds made one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastwright.agent.language.inflection import base_form, guessed_form
from fastwright.agent.language.spelling import Speller
from fastwright.agent.language.tokens import Kind, Token

CONTRACTIONS = {
    "can't": "can not", "cannot": "can not", "cant": "can not", "won't": "will not", "wont": "will not",
    "dont": "do not", "doesnt": "do not", "isnt": "be not", "arent": "be not", "shouldnt": "should not",
    "im": "i be", "let's": "let us", "pls": "please", "plz": "please", "u": "you",
    "ur": "your", "thx": "thanks", "w/o": "without", "wanna": "want to", "gonna": "go to", "gotta": "must",
    "auth'd": "authenticate", "auth'ed": "authenticate", "logins": "login", "authn": "authentication",
    "authz": "authorization", "perf": "performance", "req": "request", "reqs": "request", "sec": "second",
    "secs": "second", "min": "minute", "mins": "minute", "hr": "hour", "hrs": "hour", "desc": "description",
    "admins": "admin", "administrator": "admin", "administrators": "admin", "everyone's": "everyone",
    "optimisation": "optimization", "authorisation": "authorization", "authorise": "authorize", "info": "data",
    "colour": "color", "organisation": "organization", "catalog": "catalogue", "enrolment": "enrollment",
    "programme": "program",
    "enrolments": "enrollment", "noone": "nobody", "ain't": "be not", "msg": "message", "acct": "account",
}  # fmt: skip


def _does_it(word: str) -> bool:
    """Whether a word says who does something: an inspector is no inspection."""
    return word.removesuffix("s").endswith(("er", "or", "ist"))


# What a word may end in that is another word: `they'd`, `hasn't`.
_ENDINGS = {"n't": "not", "'ve": "have", "'ll": "will", "'d": "would", "'re": "be", "'m": "be", "'s": "be"}
_BEFORE_BE = frozenset({"it", "that", "there", "what", "who", "he", "she", "where", "how", "here"})
_PARTICIPLES = frozenset({"written", "made", "put", "sent", "taken", "entered", "rewritten"})
_METHOD = re.compile(r"(GET|POST|PUT|PATCH|DELETE)(?:t?ing|ed|s|es)")


@dataclass(frozen=True, slots=True)
class Word:
    """A token in its base form. `text` is what was written; `start` and `end` say where."""

    lemma: str
    text: str
    kind: Kind
    start: int
    end: int
    glued: bool = False
    value: Any = None
    known: bool = True

    @property
    def is_gerund(self) -> bool:
        """Whether it is an activity (`deleting`)."""
        return self.text.lower().endswith("ing") and self.lemma != self.text.lower()

    @property
    def is_participle(self) -> bool:
        """Whether it is something done (`deleted`, `written`)."""
        text = self.text.lower()
        return (text.endswith(("ed", "en")) and self.lemma != text) or text in _PARTICIPLES


class Reader:
    """Turns tokens into words; knows the words of the language and, for one project, those of the project.

    Only words that are `telling`, and those of the project, are what a mistyped word may have been.
    """

    def __init__(
        self, known: frozenset[str], telling: frozenset[str], merges: dict[str, list[tuple[str, ...]]]
    ) -> None:
        self._known = known
        self._merges = merges
        self._speller = Speller(telling)
        self._forms: dict[str, str] = {}

    def words(self, tokens: Iterable[Token], project_words: frozenset[str]) -> list[Word]:
        """Return the words of a text; `project_words` are base forms that the project uses."""
        own = Speller(project_words)
        found = [word for token in tokens for word in self._word(token, project_words, own)]
        return list(self._merged(found))

    def plainly(self, sentence: str) -> list[str]:
        """Return the base forms of a sentence that is written without marks and mistakes."""
        found = [self._forms.get(word) or self._plain(word) for word in sentence.lower().split()]
        merged: list[str] = []
        end = 0
        for place, word in enumerate(found):
            if place < end:
                continue
            length, lemma = self._merge(found, place) if word in self._merges else (1, word)
            merged.append(lemma or word)
            end = place + length
        return merged

    def _plain(self, word: str) -> str:
        self._forms[word] = base_form(word, self._known) or guessed_form(word)
        return self._forms[word]

    def _word(self, token: Token, project_words: frozenset[str], own: Speller) -> Iterator[Word]:
        if token.kind not in {"word", "identifier"}:
            yield Word(token.text, token.text, token.kind, token.start, token.end, token.glued, token.value)
            return
        if method := _METHOD.fullmatch(token.text):  # PATCHing
            yield Word(method.group(1).lower(), method.group(1), token.kind, token.start, token.end)
            return
        lower = token.text.lower().replace("’", "'")
        plain = Word(lower, token.text, token.kind, token.start, token.end, token.glued)
        if token.kind == "identifier":
            yield plain
        elif lower in CONTRACTIONS and lower not in project_words:
            for part in CONTRACTIONS[lower].split():
                yield replace(plain, lemma=part)
        elif parts := self._opened(lower):
            yield from (replace(plain, lemma=part) for part in parts)
        else:
            yield self._known_word(replace(plain, lemma=lower.removesuffix("'s").rstrip("'")), project_words, own)

    def _opened(self, word: str) -> tuple[str, ...]:
        """Return the two words that one is: `they would` for `they'd`."""
        for ending, second in _ENDINGS.items():
            first = word.removesuffix(ending)
            if first != word and (ending != "'s" or first in _BEFORE_BE):
                return base_form(first, self._known) or first, second
        return ()

    def _known_word(self, word: Word, project_words: frozenset[str], own: Speller) -> Word:
        lower = word.lemma
        found = base_form(lower, project_words) or base_form(lower, self._known)
        if found is not None:
            return replace(word, lemma=found)
        if mended := self._mended(word, project_words, own):
            return replace(word, lemma=mended)
        return replace(word, lemma=guessed_form(lower), known=False)

    def _mended(self, word: Word, project_words: frozenset[str], own: Speller) -> str | None:
        lower = word.lemma
        if lower != word.text.lower().removesuffix("'s") or any(letter.isdigit() for letter in lower):
            return None
        if word.text[:1].isupper() and any(letter.isupper() for letter in word.text[1:]):
            return None
        for form in (lower, guessed_form(lower)):
            found = own.nearest(form) or self._speller.nearest(form)
            if found and (_does_it(found) or not _does_it(form)):
                return base_form(found, project_words) or base_form(found, self._known)
        return None

    def _merged(self, words: Sequence[Word]) -> Iterator[Word]:
        place = 0
        lemmas = [word.lemma for word in words]
        while place < len(words):
            length, lemma = self._merge(lemmas, place)
            first = words[place]
            if lemma:
                whole = words[place : place + length]
                text = " ".join(word.text for word in whole)
                yield replace(first, lemma=lemma, text=text, end=whole[-1].end, known=True)
            else:
                yield first
            place += length

    def _merge(self, lemmas: Sequence[str], place: int) -> tuple[int, str]:
        """Return how many words from `place` on are one, and which."""
        best, lemma = 1, ""
        for pattern in self._merges.get(lemmas[place], ()):
            *parts, merged = pattern
            if lemmas[place : place + len(parts)] == parts and (len(parts) > best or not lemma):
                best, lemma = len(parts), merged
        return (best, lemma) if lemma else (1, "")
