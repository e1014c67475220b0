"""A second opinion: what the examples say of the requests that the cues have found, and of a text without any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fastwright.agent.plan import READ_ONLY
from fastwright.agent.reading.chunks import Chunk
from fastwright.agent.reading.intents import Reading, only_asks
from fastwright.agent.reading.likelihood import Opinion, examples
from fastwright.agent.reading.requests import Request, fold
from fastwright.agent.reading.text import Text

# By how much (logarithm of odds) the examples have to prefer one thing to all others before it is taken for what is
# wanted: reading, or changing something; before it overrules what the cues say; and to what the cues say, before that
# is doubted. Chosen where right and wrong part in tests/agent/requests.
_SURE_TO_READ = 2.5
_SURE_TO_CHANGE = 5.0
_SURE_OF_ANOTHER = 5.5
_SURE_OF_MORE = 9.0
_DOUBT = 8.0
_DOUBT_BESIDE = 4.0
_NOT_OURS = frozenset({"vague", "outside"})
# Told by fields and names, of which the examples have none.
_DESCRIBED = frozenset({"resource", "new"})
# What a guard needs is often asked for in its words, and the other way round.
_SHOWS = frozenset({"show", "list", "tell", "give", "print", "map", "overview", "display", "enumerate", "see"})
_ALIKE = frozenset({frozenset({"auth", "protect"}), frozenset({"roles", "protect"}), frozenset({"auth", "roles"})})


class Unsure(Exception):
    """Raised where the words may not ask for `intent`; caught by the planner."""

    def __init__(self, intent: str) -> None:
        super().__init__(intent)
        self.intent = intent


def by_example(text: Text) -> Text:
    """Return the text as the examples have the sentence that they are surest of; where they are not, as it is."""
    found: list[tuple[float, Opinion, int]] = []
    for number in {chunk.sentence for chunk in text.chunks}:
        opinion = examples().opinion(text.masked(text.sentence(number)))
        if opinion is not None and opinion.best not in _NOT_OURS and _may_be(opinion.best, text, number):
            found.append((opinion.margin, opinion, number))
    if not found:
        return text
    margin, opinion, sentence = max(found, key=lambda one: one[0])
    if margin < (_SURE_TO_READ if opinion.best in READ_ONLY else _SURE_TO_CHANGE):
        return text
    if opinion.best not in READ_ONLY and _spoke_of_more(text, sentence):
        return text
    told = _telling(text, sentence)
    readings = [Reading((opinion.best,), explicit=True) if one == told else Reading() for one in text.chunks]
    return replace(text, folded=fold(text.chunks, readings))


def with_more(text: Text, readings: Sequence[Reading]) -> Text:
    """Return the text with what its other parts ask for as well, where the examples are very sure of that.

    A text that asks for one thing in words that are known may ask for another in words that are not.
    """
    wanted = frozenset(request.intent for request in text.folded.requests)
    if not wanted or wanted & _DESCRIBED:
        return text
    found = [
        _more(text, chunk, wanted) if not reading.intents and not reading.outside else None
        for chunk, reading in zip(text.chunks, readings, strict=True)
    ]
    if not any(found):
        return text
    readings = [more or reading for more, reading in zip(found, readings, strict=True)]
    return replace(text, folded=fold(text.chunks, readings))


def _more(text: Text, chunk: Chunk, wanted: frozenset[str]) -> Reading | None:
    unasked = chunk.forbids or chunk.keeps_open or chunk.has_pronoun or _is_why(text, chunk)
    if unasked or (chunk.start and chunk.joint not in _BEGINS):
        return None
    opinion = examples().opinion(text.masked([chunk]))
    if opinion is None or opinion.margin < _SURE_OF_MORE or opinion.best in wanted | _NOT_OURS | READ_ONLY:
        return None
    alike = any(frozenset({opinion.best, one}) in _ALIKE for one in wanted)
    return None if alike else Reading((opinion.best,), explicit=True)


def _is_why(text: Text, chunk: Chunk) -> bool:
    """Whether a chunk is, or belongs to, a reason: `because copies and members are fetched one by one`."""
    before = [one for one in text.chunks if one.sentence == chunk.sentence and one.start <= chunk.start]
    return any(one.lemmas[0] in {"because", "since", "to"} for one in before)


_BEGINS = frozenset({".", "and", "then", "also", "+", ":", ",", "so"})


def borne_out(text: Text) -> Iterator[Request]:
    """Yield the requests that the examples bear out; where they are sure of something else, it is that.

    Raises `Unsure` where they are sure that it is nothing that can be done, or far from sure that it is meant.
    """
    for request in text.folded.requests:
        if request.intent == "map" and len(text.folded.requests) > 1 and not _is_asked_for(request):
            continue
        beside = [one for one in text.folded.requests if one.asked_in == request.asked_in and one is not request]
        opinion = _opinion(text, request, alone=not beside)
        if opinion is None or _agrees(opinion, request):
            yield request
            continue
        doubt = opinion.doubt(request.intent)
        if any(one.chunks == request.chunks and one.intent == opinion.best for one in beside):
            if doubt < _DOUBT_BESIDE:
                yield request
            continue
        if opinion.margin >= _SURE_OF_ANOTHER and _may_replace(opinion.best, text, request):
            if opinion.best in _NOT_OURS:
                raise Unsure(request.intent)
            request.intent = opinion.best
        elif doubt >= _DOUBT and request.intent not in READ_ONLY:
            raise Unsure(request.intent)
        yield request


def _is_asked_for(request: Request) -> bool:
    """Whether a map is wanted beside something else; `the webhooks are open to all` is only said."""
    return any(chunk.asks or _SHOWS & set(chunk.lemmas) or _is_question(chunk) for chunk in request.chunks)


def _is_question(chunk: Chunk) -> bool:
    return chunk.lemmas[0] in {"which", "who", "what"} and "be" in chunk.lemmas


def _may_be(intent: str, text: Text, sentence: int) -> bool:
    """Whether a sentence may want something; a question about what is wants no change."""
    return intent in READ_ONLY or not any(only_asks(chunk) for chunk in text.sentence(sentence))


def _may_replace(best: str, text: Text, request: Request) -> bool:
    """Whether something may be meant in place of a request; what is complained of is no wish for a report on it."""
    return _may_be(best, text, request.asked_in) and not (request.symptom and best == "check")


def _agrees(opinion: Opinion, request: Request) -> bool:
    alike = frozenset({opinion.best, request.intent}) in _ALIKE
    return alike or opinion.best == request.intent or request.intent in _DESCRIBED


def _opinion(text: Text, request: Request, *, alone: bool) -> Opinion | None:
    return examples().opinion(text.masked(text.sentence(request.asked_in) if alone else request.chunks))


def _spoke_of_more(text: Text, sentence: int) -> bool:
    """Whether other sentences name places of which a sentence may not be meant."""
    here = {one.places for chunk in text.sentence(sentence) for one in chunk.mentions}
    elsewhere = {one.places for chunk in text.chunks if chunk.sentence != sentence for one in chunk.mentions}
    return bool(elsewhere) and not here & elsewhere if here else len(elsewhere) > 1


def _telling(text: Text, sentence: int) -> Chunk:
    """Return the chunk of a sentence that says what it is about: the first with a mention, or the longest."""
    inside = text.sentence(sentence)
    return next((chunk for chunk in inside if chunk.mentions), max(inside, key=lambda chunk: len(chunk.words)))
