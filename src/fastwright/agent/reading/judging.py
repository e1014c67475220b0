"""A second opinion: what the examples say of the requests that the cues have found, and of a text without any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fastwright.agent.plan import READ_ONLY
from fastwright.agent.reading.chunks import Chunk
from fastwright.agent.reading.intents import describes_design
from fastwright.agent.reading.likelihood import Opinion, examples
from fastwright.agent.reading.questions import RESTRICTS, denies, only_asks
from fastwright.agent.reading.requests import Request
from fastwright.agent.reading.text import Text

# By how much (logarithm of odds) the examples have to prefer one thing to all others before it overrules what the cues
# say, and to what the cues say, before that is doubted. Chosen where right and wrong part in tests/agent/requests.
_SLIGHT = 2.0
SURE_OF_MORE = 9.0
_SURE_OF_ANOTHER = 5.5
DOUBT = 4.0
_DOUBT_OF_READING = 8.0
_CLOSE = 2.0
_DOUBT_BESIDE = 10.0
_DOUBT_OF_WISH = 5.8
NOT_OURS = frozenset({"vague", "outside"})
# Told by fields and names, of which the examples have none.
DESCRIBED = frozenset({"resource", "new"})
_MAKING = frozenset({"add", "create", "make", "build", "generate", "scaffold", "implement"})
_RESOURCE = frozenset({"resource", "crud", "entity"})
_NEAR = 5
_SHOWS = frozenset({"show", "list", "tell", "give", "print", "map", "overview", "display", "enumerate", "see"})
# What a guard needs is often asked for in its words, and the other way round.
ALIKE = frozenset({frozenset({"auth", "protect"}), frozenset({"roles", "protect"}), frozenset({"auth", "roles"})})


class Unsure(Exception):
    """Raised where the words may not ask for any of `intents`, the likeliest first; caught by the planner."""

    def __init__(self, *intents: str) -> None:
        super().__init__(*intents)
        self.intents = intents


def opinion_of(text: Text, chunks: Sequence[Chunk]) -> Opinion | None:
    """Return what the examples say of some chunks of a text."""
    return examples().opinion(text.masked(chunks))


def without_doubtful(text: Text) -> Text:
    """Return the text without what only seemed not ours, where the examples are sure of what is asked for."""
    whole = opinion_of(text, text.chunks) if text.folded.outside else None
    if whole is None or whole.best in NOT_OURS | READ_ONLY or whole.ranked[0][1] < SURE_OF_MORE:
        return text
    kept = [(group, chunk) for group, chunk in text.folded.outside if group in _CERTAIN or _is_not_ours(text, chunk)]
    return replace(text, folded=replace(text.folded, outside=kept))


_CERTAIN = frozenset({"unsafe", "vague"})


def _is_not_ours(text: Text, chunk: Chunk) -> bool:
    opinion = opinion_of(text, [chunk])
    return opinion is None or opinion.best in NOT_OURS


def borne_out(text: Text) -> Iterator[Request]:
    """Yield the requests that the examples bear out; where they are sure of something else, it is that.

    What they bear out neither by its own words nor by its sentence nor by the whole text is left out beside others.
    Raises `Unsure` where they are sure that it is nothing that can be done, or far from sure that it is meant.
    """
    requests = text.folded.requests
    whole = opinion_of(text, text.chunks)
    opinions = [_opinions(text, request, whole) for request in requests]
    described = describes_design(text.words) is not None or _names_resource([word.lemma for word in text.words])
    support = [
        _SLIGHT if request.intent in DESCRIBED and described
        else max((one.margin for one in each if _agrees(one, request)), default=-1.0)
        for request, each in zip(requests, opinions, strict=True)
    ]  # fmt: skip
    enough = min(_SLIGHT, max(support, default=0.0))
    supported = [0 <= enough <= one for one in support]
    for request, each, is_supported in zip(requests, opinions, supported, strict=True):
        if len(requests) > 1 and (
            (request.intent == "map" and not _is_asked_for(request))
            or (request.intent == "explain" and request.symptom and _is_of_nothing(request))
        ):
            continue
        if is_supported or not each:
            request.is_guard = any(one.best == "protect" and one.doubt("auth") >= _SURE_OF_ANOTHER for one in each)
            yield request
        elif any(supported):
            if _may_be_meant(request, each):
                yield request
            else:
                kept = [one for one, is_kept in zip(requests, supported, strict=True) if is_kept]
                text.folded.unsure += _unheard(request, kept)
                _hear_out(request, kept)
        elif not text.folded.outside:
            yield _settled(request, text, each)


def _unheard(dropped: Request, kept: Sequence[Request]) -> list[Chunk]:
    """Return what is asked for in what is dropped, if nothing that is kept is about it."""
    if dropped.symptom or dropped.intent in READ_ONLY:
        return []
    asked = [chunk for chunk in dropped.chunks if chunk.sentence == dropped.asked_in and not chunk.tells]
    return [chunk for chunk in asked[:1] if not any(chunk in one.chunks for one in kept)]


def _may_be_meant(request: Request, opinions: Sequence[Opinion]) -> bool:
    """Whether the examples leave room for something beside what they bear out: more for a wish than for a complaint."""
    if request.symptom or request.intent in READ_ONLY:
        return max(one.doubt(request.intent) for one in opinions) < _DOUBT_BESIDE
    return opinions[0].doubt(request.intent) < _DOUBT_OF_WISH


def _hear_out(dropped: Request, kept: Sequence[Request]) -> None:
    """Give what is wanted what was spoken of before it; a guard, the words of the complaint, too: who can do what."""
    for one in kept:
        aimed = [mention for mention, _ in (*one.targets, *one.background) if not mention.is_whole]
        if not aimed and one.asked_in >= dropped.asked_in:
            one.background = [each for each in (*dropped.background, *dropped.targets) if not each[0].is_whole]
    guard = next((one for one in kept if one.intent == "protect"), None)
    if guard is not None and dropped.chunks[0].start < guard.chunks[0].start:
        guard.chunks = [*dropped.chunks, *guard.chunks]


def _settled(request: Request, text: Text, opinions: Sequence[Opinion]) -> Request:
    """Return the request as the examples have it, where they have something else; raises `Unsure`."""
    opinion = max(opinions, key=lambda one: one.margin)
    doubt = opinion.doubt(request.intent)
    if opinion.margin >= _SURE_OF_ANOTHER and _may_replace(opinion.best, text, request):
        close = min(one.doubt(request.intent) for one in opinions) < _CLOSE and not request.symptom
        if opinion.best in NOT_OURS:
            raise Unsure(request.intent)
        if close and opinion.best not in READ_ONLY:
            raise Unsure(request.intent, opinion.best)
        request.intent = opinion.best
    elif doubt >= (_DOUBT_OF_READING if request.intent in READ_ONLY else DOUBT):
        raise Unsure(request.intent)
    return request


def _opinions(text: Text, request: Request, whole: Opinion | None) -> list[Opinion]:
    """Return what the examples say of a request's own words, of the sentence that asks for it, and of the text."""
    own = opinion_of(text, request.chunks)
    asked = opinion_of(text, text.sentence(request.asked_in))
    return [one for one in (own, asked, whole) if one is not None]


def _is_asked_for(request: Request) -> bool:
    """Whether a map is wanted beside something else; `the webhooks are open to all` is only said."""
    return any(chunk.asks or _SHOWS & set(chunk.lemmas) or _is_question(chunk) for chunk in request.chunks)


def _is_of_nothing(request: Request) -> bool:
    """Whether a complaint about a failure names nothing that fails: `401 otherwise`."""
    return not any(chunk.mentions or chunk.asks for chunk in request.chunks if chunk.sentence >= request.asked_in)


def _is_question(chunk: Chunk) -> bool:
    return chunk.lemmas[0] in {"which", "who", "what"} and "be" in chunk.lemmas


def may_want(intent: str, text: Text, sentence: int) -> bool:
    """Whether a sentence may want something; a question about what is, or what is there already, wants no change."""
    idle = (only_asks(chunk) or (chunk.tells and "already" in chunk.lemmas) for chunk in text.sentence(sentence))
    denied = intent not in RESTRICTS and any(denies(chunk) for chunk in text.sentence(sentence))
    return intent in READ_ONLY or not (denied or any(idle))


def _may_replace(best: str, text: Text, request: Request) -> bool:
    """Whether something may be meant in place of a request; what is complained of is no wish for a report on it."""
    return may_want(best, text, request.asked_in) and not (request.symptom and best == "check")


def _agrees(opinion: Opinion, request: Request) -> bool:
    alike = frozenset({opinion.best, request.intent}) in ALIKE
    return alike or opinion.best == request.intent


def _names_resource(lemmas: Sequence[str]) -> bool:
    """Whether a resource is to be made, in so many words: `create a ratings resource`."""
    made = (place for place, lemma in enumerate(lemmas) if lemma in _MAKING)
    return any(not _RESOURCE.isdisjoint(lemmas[place + 1 : place + _NEAR]) for place in made)
