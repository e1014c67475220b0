"""How a chunk goes with a request before it: as more of it, as the reason for it, as another of its kind."""

from __future__ import annotations

from collections.abc import Sequence

from fastwright.agent.grounding.mentions import Mention
from fastwright.agent.language.wordsets import word_set
from fastwright.agent.reading.chunks import Chunk
from fastwright.agent.reading.intents import TYPED, Reading
from fastwright.agent.reading.requests import Request

_OPENERS = frozenset({"also", "then", "and", "but"})


def says_why(chunk: Chunk, current: Request) -> bool:
    """Whether a chunk explains what is slow: `it asks for the driver of every trip`."""
    if any(one.how == "path" for one in chunk.mentions):
        return False
    tells = chunk.tells or bool(_IT & set(chunk.lemmas[:1]))
    return current.intent == "optimize" and bool(current.targets) and tells


_IT = word_set("it they this that which since probably maybe because look seem due guess suspect apparently")


def only_complains(request: Request, requests: Sequence[Request]) -> bool:
    """Whether a request is a complaint about nothing in particular, before the same is wanted of something."""
    aimless = request.symptom and not request.targets and not request.background
    return aimless and any(one.intent == request.intent and (one.targets or one.background) for one in requests)


def wants_after_all(current: Request, chunk: Chunk, reading: Reading) -> bool:
    """Whether a complaint becomes a wish about a part of what was complained of: `Comment spam! Limit …`."""
    if not (current.symptom and reading.explicit and chunk.sentence != current.sentence):
        return False
    if any(mention.is_whole for mention in chunk.mentions):
        return True
    before = {name for mention, _ in current.targets for place in mention.places for name in place.names[-1:]}
    after = {name for mention in chunk.mentions for place in mention.places for name in place.names}
    return bool(before & after)


def is_another(request: Request, chunk: Chunk) -> bool:
    """Whether a chunk wants the same of another place, with a value of its own: `and the feed for an hour`."""
    goes_on = chunk.joint in {"and", ","} and chunk.sentence == request.sentence and bool(request.targets)
    valued = any(word.kind == "number" or word.lemma in _AMOUNTS for word in chunk.words)
    return (
        goes_on
        and valued
        and request.intent in {"cache", "rate-limit"}
        and any(not one.is_whole for one in chunk.mentions)
        and not chunk.keeps_open
    )


_AMOUNTS = word_set("one two three five ten fifteen twenty thirty sixty half an")


def all_targets(requests: Sequence[Request]) -> list[tuple[Mention, Chunk]]:
    """Return what the last requests for one thing are about, together."""
    found: list[tuple[Mention, Chunk]] = []
    for request in reversed(requests):
        if request.intent != requests[-1].intent:
            break
        found = [*request.targets, *found]
    return found


def ends_in_mention(chunk: Chunk) -> bool:
    """Whether a chunk is the short start of a list: `make items` before `and shelves …`."""
    return len(chunk.words) <= 3 and any(one.end == chunk.end for one in chunk.mentions)


def goes_on(request: Request, chunk: Chunk) -> bool:
    """Whether a chunk goes on with the list of what a request is about, and not with something said beside it."""
    if not request.targets:
        return True
    target, said = request.targets[-1]
    if chunk.sentence != said.sentence:
        return chunk.joint == ":" or bool({"too", "also", "same"} & set(chunk.lemmas))
    beside = [one for one in said.mentions if one.start > target.start]
    return not beside and not (request.intent == "filtering" and {"by", "on"} & set(said.lemmas))


def is_part_of_design(chunk: Chunk, reading: Reading) -> bool:
    """Whether a chunk after `add a resource` still describes it."""
    return chunk.joint in {",", "(", ")", ":", "or"} or (
        chunk.joint in {"and", "."} and not (reading.explicit and begins_anew(chunk))
    )


_MARKS = frozenset({"belong", "have", "unique", "optional", "required", "mandatory", "nullable", "empty"})


def describes(chunk: Chunk) -> bool:
    """Whether a chunk says what belongs to what, or how a field must be: `every call belongs to a customer`."""
    if "belong" in chunk.lemmas and {"each", "every"} & set(chunk.lemmas):
        return True
    says = (_MARKS | TYPED) & set(chunk.lemmas)
    return bool(says) and chunk.lemmas[0] in {"belong", "each", "every", "a", "an", "the", "it", "they", "all", "its"}


_VERBS = word_set(
    """
    add protect paginate pagination cache write limit ratelimit secure optimize introduce setup make show check run
    restrict put undo only test
    """
)


def begins_anew(chunk: Chunk) -> bool:
    return bool(_VERBS & set(chunk.lemmas[:2])) or chunk.joint in _OPENERS - {"and"}
