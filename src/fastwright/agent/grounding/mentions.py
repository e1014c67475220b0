"""Find in the words what points to places of the project, and what points to nothing that it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from fastwright.agent.grounding.places import Place, Places, parts
from fastwright.agent.language.words import Word
from fastwright.agent.language.wordsets import word_set
from fastwright.agent.reading.lexicon import Lexicon

Found = Literal["path", "name", "part", "verb", "synonym", "whole"]
_BETWEEN = word_set(
    """
    of for a an the in on to each every all their its our this that my one single s by per from out any some given
    list data endpoint upload import export with
    """
)
_SUBJECTS = word_set("i you we they he she who nobody noone somebody someone anybody anyone everybody everyone")
# What is given for signing in, and no place: `refresh tokens`.
_KINDS_OF_TOKEN = frozenset({"refresh", "access", "jwt", "bearer", "auth", "authentication", "session"})
_DEEDS = frozenset({"add", "create", "make", "update", "edit", "change", "delete", "remove", "get"})
_WHOLE = frozenset({"everything", "all", "everywhere"})


@dataclass(frozen=True)
class Mention:
    """Words from `start` to `end` that point to one place, or to several alike, or (`places` empty) to none."""

    start: int
    end: int
    places: tuple[Place, ...]
    how: Found
    path: str = ""
    method: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether it is all of the project that is meant."""
        return self.how == "whole"


class Grounding:
    """Finds the mentions of one project's places in words."""

    def __init__(self, places: Places, lexicon: Lexicon) -> None:
        self.places = places
        self._rings = lexicon.rings
        self._verbs = lexicon.verbs
        self._plain = lexicon.plain
        self._first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for phrase in places.phrases:
            self._first[phrase[0]].append(phrase)

    def mentions(self, words: Sequence[Word]) -> list[Mention]:
        """Return the mentions in the order of the text; none overlap."""
        found: list[Mention] = []
        place = 0
        while place < len(words):
            mention = self._at(words, place)
            if mention is None:
                place += 1
            else:
                found.append(mention)
                place = mention.end
        return list(self._joined(words, found))

    def _at(self, words: Sequence[Word], start: int) -> Mention | None:
        word = words[start]
        if word.kind == "path":
            return self._path(words, start)
        if word.kind not in {"word", "identifier"} or word.text in _METHODS:
            return None
        if word.lemma in {"every", "all", "each", "any"} and start + 1 < len(words) and _is_method(words[start + 1]):
            return Mention(start, start + 1, (), "whole")
        if start and words[start - 1].lemma in _SUBJECTS and not word.is_gerund:
            done = self._name(words, start) or self._single(words, start)
            is_deed = done is not None and (done.how == "verb" or not any(place.has({"GET"}) for place in done.places))
            return done if is_deed else None  # nobody posts more than that
        lower = word.text.lower()
        is_told = _is_told_to(words, start) or _is_deed(words, start) or _is_kind_of_token(words, start)
        if (lower != word.lemma and lower in self.places.columns) or is_told:
            return None
        return self._name(words, start) or self._single(words, start)

    def _path(self, words: Sequence[Word], start: int) -> Mention:
        text = words[start].text
        path = self.places.at(text.rstrip("/*")) or self._misspelt(text) or ""
        if not path and text.rstrip("/") == self.places.project.prefix:
            return Mention(start, start + 1, (), "whole")
        found = self.places.by_path.get(path)
        method = words[start - 1].text if start and words[start - 1].text in _METHODS else ""
        return Mention(start, start + 1, (found,) if found else (), "path", path, method)

    def _misspelt(self, text: str) -> str | None:
        """Return the one path with the same number of parts that differs in how words are numbered or hyphenated."""
        wanted = [part for part in text.split("/") if part]
        for place in self.places.all:
            there = [part for part in place.path.split("/") if part]
            same = len(there) == len(wanted) and there[:-1] == wanted[:-1]
            if same and "".join(parts(there[-1])) == "".join(parts(wanted[-1])):
                return place.path
        return None

    def _name(self, words: Sequence[Word], start: int) -> Mention | None:
        """Return the longest name of a place that starts here."""
        lemma = words[start].lemma.replace("_", "")
        for phrase in sorted(self._first.get(lemma, ()) or self._first.get(words[start].lemma, ()), key=len)[::-1]:
            end = start + len(phrase)
            if tuple(word.lemma for word in words[start:end]) == phrase or (len(phrase) == 1 and lemma == phrase[0]):
                return Mention(start, end, self.places.phrases[phrase], "name")
        return None

    def _single(self, words: Sequence[Word], start: int) -> Mention | None:
        word = words[start]
        if word.lemma in _WHOLE and word.lemma != "all":
            return Mention(start, start + 1, (), "whole")
        if word.kind == "identifier":
            phrase = parts(word.lemma)
            if phrase in self.places.phrases:
                return Mention(start, start + 1, self.places.phrases[phrase], "name")
        verb = word.lemma.removesuffix("ing")
        if verb != word.lemma and verb in self._verbs and (found := self._by_verb(verb)):
            return Mention(start, start + 1, found, "verb")
        if (word.is_gerund or not word.known or word.lemma in self._verbs) and (found := self._by_verb(word.lemma)):
            return Mention(start, start + 1, found, "verb")
        return None if word.is_participle else self._noun(words, start)

    def _noun(self, words: Sequence[Word], start: int) -> Mention | None:
        word = words[start]
        if done := self._by_noun(word.lemma):
            return Mention(start, start + 1, done, "name")
        return self._part(start, word) or self._synonym(start, word) if self._ends(words, start) else None

    def _part(self, start: int, word: Word) -> Mention | None:
        """Return the places whose compound name the word is the last, or the first part of."""
        found = self.places.heads(word.lemma) or self.places.starts(word.lemma) if len(word.lemma) > 3 else ()
        return Mention(start, start + 1, found, "part") if found else None

    def _by_verb(self, verb: str) -> tuple[Place, ...]:
        """Return the places that an activity is about: enrolling makes enrollments."""
        for noun in self._verbs.get(verb, ()):
            if found := self.places.phrases.get((noun,)):
                return found
        if len(verb) < 5:
            return ()
        stem = verb.rstrip("e")
        for phrase, found in self.places.phrases.items():
            if len(phrase) == 1 and phrase[0] != verb and phrase[0].startswith(stem) and len(phrase[0]) - len(stem) < 6:
                return found
        return ()

    def _by_noun(self, noun: str) -> tuple[Place, ...]:
        """Return the places where what the noun is of is done: the payment of a fine is at `/fines/{fine_id}/pay`."""
        if not noun.endswith(("ment", "al", "ation", "ion", "ing")):
            return ()
        verbs = [phrase for phrase in self.places.phrases if len(phrase) == 1 and noun != phrase[0]]
        stems = {phrase: phrase[0].rstrip("e") for phrase in verbs}
        return next(
            (
                self.places.phrases[phrase]
                for phrase, stem in stems.items()
                if len(stem) > 2 and noun.startswith(stem) and len(noun) - len(stem) < 6
                and all(place.depth > 1 for place in self.places.phrases[phrase])
            ),
            (),
        )  # fmt: skip

    def _ends(self, words: Sequence[Word], place: int) -> bool:
        """Whether the word is no first part of a compound that is unknown, as in `popcorn machine`."""
        after = words[place + 1] if place + 1 < len(words) else None
        return after is None or after.kind != "word" or after.lemma in self._plain or after.is_gerund

    def _synonym(self, start: int, word: Word) -> Mention | None:
        found = {place.path: place for other in self._rings.get(word.lemma, ())
                 for place in self.places.phrases.get((other,), ())}  # fmt: skip
        if len(found) != 1:
            return None
        return Mention(start, start + 1, tuple(found.values()), "synonym")

    def _joined(self, words: Sequence[Word], found: Sequence[Mention]) -> Iterator[Mention]:
        """Yield the mentions, `the items of an order` and `a student's grades` as one."""
        place = 0
        while place < len(found):
            mention = found[place]
            if place + 1 < len(found) and (both := self._both(words, mention, found[place + 1])):
                yield both
                place += 2
                continue
            yield mention
            place += 1

    def _both(self, words: Sequence[Word], one: Mention, other: Mention) -> Mention | None:
        if "path" in {one.how, other.how} or one.is_whole or other.is_whole:
            return None
        between = [word.lemma for word in words[one.end : other.start]]
        if len(between) > 3 or not all(word in _BETWEEN for word in between):
            return None
        nested = self._nested(one, other)
        return Mention(one.start, other.end, nested, "name") if nested else None

    def _nested(self, one: Mention, other: Mention) -> tuple[Place, ...]:
        """Return the places whose last two names are these two, in whichever order."""
        last = {first.names[-1] for mention in (one, other) for first in mention.places}
        return tuple(
            place
            for place in self.places.all
            if place.depth > 1 and {place.names[-1], place.names[-2]} <= last
            and (any(_tail(first, place) for first in one.places) != any(_tail(first, place) for first in other.places)
                 or place in {*one.places, *other.places})
        )  # fmt: skip


def _is_kind_of_token(words: Sequence[Word], start: int) -> bool:
    return words[start].lemma == "token" and start > 0 and words[start - 1].lemma in _KINDS_OF_TOKEN


def _is_deed(words: Sequence[Word], place: int) -> bool:
    """Whether a word says what is to be done: many paths end in that, `/pets/add`, and many requests begin with it."""
    before = words[place - 1].lemma if place else ""
    after = words[place + 1].lemma if place + 1 < len(words) else ""
    return words[place].lemma in _DEEDS and after not in {"endpoint", "route"} and before not in {"the", "our"}


def _is_told_to(words: Sequence[Word], place: int) -> bool:
    """Whether the word is something to be done, as in `can you review the API`, and not what a place is called."""
    before = words[place - 1].lemma if place else ""
    after = words[place + 1].lemma if place + 1 < len(words) else ""
    if words[place].lemma == "test" and after not in {"endpoint", "route"}:
        return True
    done = words[place].is_gerund or words[place].is_participle
    if done and words[place].lemma in {"post", "book", "order", "return"}:
        return True
    if before == "background" or (
        words[place].lemma == "reading" and after in {"be", "stay", "remain", "should", "can"}
    ):
        return True
    if words[place].lemma == "request" and place and words[place - 1].kind == "number":
        return True  # 10 requests per minute
    if words[place].lemma == "stay" and after in {"open", "public", "free", "as", "accessible"}:
        return True
    as_verb = words[place].text.lower() == words[place].lemma and words[place].lemma in _ALSO_VERBS
    return as_verb and before in _TELLING and after in _TOLD


def _is_method(word: Word) -> bool:
    return word.text in _METHODS or word.lemma in {"write", "mutation", "mutating"}


def _tail(mentioned: Place, place: Place) -> bool:
    return mentioned.names[-1] == place.names[-1]


_TOLD = frozenset({"the", "our", "my", "this", "it", "that", "your", "all", "whether", "them", "a", "an"})
_ALSO_VERBS = frozenset(
    {"review", "check", "test", "report", "search", "order", "book", "list", "comment", "post", "profile", "mark"}
)
_TELLING = frozenset(
    {
        "",
        "only",
        "you",
        "please",
        "to",
        "and",
        "then",
        "also",
        "just",
        ".",
        ",",
        ";",
        "+",
        ":",
        "-",
        "kindly",
        "we",
        "i",
    }
)
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
