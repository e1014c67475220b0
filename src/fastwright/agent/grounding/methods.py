"""Which methods the words are limited to: `deleting`, `only managers may delete`, `POST`, `writes`."""

from __future__ import annotations

from collections.abc import Sequence

from fastwright.agent.language.words import Word
from fastwright.agent.language.wordsets import MODALS, word_set

ALL = ("GET", "POST", "PUT", "PATCH", "DELETE")
WRITES = ("POST", "PUT", "PATCH", "DELETE")
_ABLE = {"readable": ("GET",), "writable": WRITES, "editable": ("PUT", "PATCH"), "deletable": ("DELETE",)}
_VERBS = {
    "GET": "read view list get fetch browse retrieve query download",
    "POST": "create add post insert make new submit book register upload issue place creation submission addition "
    "purchase record enter raise",
    "PUT PATCH": "update change edit modify replace alter adjust amend modification rename correct",
    "DELETE": "delete remove erase drop cancel deletion removal destroy",
    "POST PUT PATCH DELETE": "write mutate mutation mutating writing",
}  # fmt: skip
MEANS: dict[str, tuple[str, ...]] = {
    verb: tuple(methods.split()) for methods, verbs in _VERBS.items() for verb in verbs.split()
}
_NOUNS = frozenset(
    {"purchase", "creation", "deletion", "removal", "modification", "mutation", "submission", "write", "addition"}
)
# Verbs that are as often about code as about data: they need what they are done to.
_BUSY = word_set(
    """
    add make new get open change place enter issue drop look list query view book post replace rename correct
    register cancel read record raise
    """
)
_ALLOWS = MODALS | {"able", "allow"}
_BEFORE = word_set(
    """
    may can could should must to able allow not shall will only or and , / when i we they user who everyone
    everybody anybody anyone freely nobody noone person also just stranger visitor outsider guest public anonymous
    customer client staff people
    """
)


def methods_named(
    words: Sequence[Word], objects: frozenset[int], people: frozenset[int] = frozenset()
) -> tuple[str, ...]:
    """Return the methods that the words limit something to, in the order of `ALL`.

    At `objects` there are places of the project, at `people` those who may do something.
    """
    found: set[str] = set()
    for place, word in enumerate(words):
        if word.kind != "word" or (word.lemma == "get" and _lemma(words, place + 1) in _NO_OBJECTS):
            continue
        if word.text in ALL:
            found.add(word.text)
        elif word.lemma == "new" and place + 1 in objects and (not place or words[place - 1].lemma in {"a", "an"}):
            found.add("POST")
        elif word.lemma in _ABLE:
            found.update(_ABLE[word.lemma])
        elif (
            word.text.lower() in {"changes", "edits"}
            and place + 1 < len(words)
            and words[place + 1].lemma in {"to", "of"}
        ):
            found.update(WRITES)
        elif word.lemma == "write" and place not in objects and not word.is_gerund and place + 1 < len(words) and (
            place + 1 in objects or place + 2 in objects
        ) and word.text.lower() == "write":  # fmt: skip
            found.add("POST")
        elif place not in objects and word.lemma in MEANS and _limits(words, place, objects, people, found=bool(found)):
            found.update(MEANS[word.lemma])
    return tuple(method for method in ALL if method in found)


def _lemma(words: Sequence[Word], place: int) -> str:
    return words[place].lemma if place < len(words) else ""


_NO_OBJECTS = frozenset({"anywhere", "near", "in", "into", "to", "at", "through", "access", "past", "close"})
_HEADS = frozenset({":", "->", "=>", "=", "–", "—"})
_ADVERBS = frozenset(
    {"current", "currently", "still", "now", "easily", "simply", "actually", "really", "freely", "even"}
)


def _limits(words: Sequence[Word], place: int, objects: frozenset[int], people: frozenset[int], *, found: bool) -> bool:
    word = words[place]
    if word.lemma in _NOUNS and not word.is_participle:
        return word.lemma != "write" or word.text.lower() in {"writes", "writing"} or _is_noun(words, place)
    ahead = place - 1
    while ahead > 0 and words[ahead].lemma in _ADVERBS:
        ahead -= 1
    before = words[ahead].lemma if ahead >= 0 else ""
    if ahead in people:
        before = "may"
    if word.is_participle or (word.lemma == "read" and before == "be"):
        return before in {"be", "get"} | _BEFORE and word.lemma not in {"get", "look", "expose", "open"}
    acted_on = _has_object(words, place, objects)
    if not place and acted_on and _HEADS & {one.text for one in words[2:6]}:
        return True  # delete post: editors only
    if word.is_gerund:
        if place - 1 in objects and word.lemma in {"list", "view"}:
            return False  # the orders listing
        return word.lemma not in _BUSY or acted_on or found or word.lemma in {"list", "read", "view", "change"}
    listed = found and before in {"or", "and", ",", "/"}
    alone = word.lemma not in _BUSY and (before in _ALLOWS or (place + 1 < len(words) and not objects))
    return before in _BEFORE and (acted_on or listed or alone)


def _is_noun(words: Sequence[Word], place: int) -> bool:
    """Whether `write` is one of those things that are limited: `write access`, `may write`."""
    before = words[place - 1].lemma if place else ""
    after = words[place + 1].lemma if place + 1 < len(words) else ""
    return before in _ALLOWS or after in {"access", "operation", "endpoint", "method", "request", "route", "to"}


def _has_object(words: Sequence[Word], place: int, objects: frozenset[int]) -> bool:
    """Whether what is done is done to a place of the project, or to something named before."""
    for after in range(place + 1, min(len(words), place + 5)):
        if after in objects or words[after].lemma in {"it", "them", "one", "ones", "those", "these"}:
            return True
        if words[after].lemma in {"and", "or", ",", "/"} and after + 1 < len(words) and words[after + 1].lemma in MEANS:
            return _has_object(words, after + 1, objects)
    return False
