"""A second opinion: what the examples say of the requests that the cues have found, and of a text without any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from fastwright.agent.plan import READ_ONLY
from fastwright.agent.reading.chunks import Chunk
from fastwright.agent.reading.folding import fold
from fastwright.agent.reading.intents import Reading, describes_design
from fastwright.agent.reading.likelihood import Opinion, examples
from fastwright.agent.reading.questions import only_asks
from fastwright.agent.reading.requests import Request
from fastwright.agent.reading.text import Text

# By how much (logarithm of odds) the examples have to prefer one thing to all others before it is taken for what is
# wanted: reading, or changing something; before it overrules what the cues say; and to what the cues say, before that
# is doubted. Chosen where right and wrong part in tests/agent/requests.
_SURE_TO_READ = 2.5
_SURE_TO_CHANGE = 5.0
_SURE_OF_ANOTHER = 5.5
_SURE_OF_MORE = 9.0
_DOUBT = 4.0
_DOUBT_OF_READING = 8.0
_CLOSE = 2.0
_DOUBT_BESIDE = 10.0
_DOUBT_OF_WISH = 5.8
_NOT_OURS = frozenset({"vague", "outside"})
# Told by fields and names, of which the examples have none.
_DESCRIBED = frozenset({"resource", "new"})
_SHOWS = frozenset({"show", "list", "tell", "give", "print", "map", "overview", "display", "enumerate", "see"})
# What a guard needs is often asked for in its words, and the other way round.
_ALIKE = frozenset({frozenset({"auth", "protect"}), frozenset({"roles", "protect"}), frozenset({"auth", "roles"})})
# A registration checks what an address looks like.
_NEAR = frozenset({frozenset({"registration", "email-verification"})})


class Unsure(Exception):
    """Raised where the words may not ask for any of `intents`, the likeliest first; caught by the planner."""

    def __init__(self, *intents: str) -> None:
        super().__init__(*intents)
        self.intents = intents


def _opinion(text: Text, chunks: Sequence[Chunk]) -> Opinion | None:
    """Return what the examples say of some chunks of a text."""
    return examples().opinion(text.masked(chunks))


def by_example(text: Text) -> Text:
    """Return the text as the examples have the sentence that they are surest of; where they are not, as it is."""
    readings = [_more(text, chunk, frozenset()) or Reading() for chunk in text.chunks]
    if Reading(("registration",), explicit=True) in readings:  # which checks what an address looks like
        readings = [Reading() if "email-verification" in one.intents else one for one in readings]
    if len({one.intents for one in readings if one.intents}) > 1:
        return replace(text, folded=fold(text.chunks, readings))
    found: list[tuple[float, Opinion, int]] = []
    for number in {chunk.sentence for chunk in text.chunks}:
        opinion = _opinion(text, text.sentence(number))
        if opinion is None or opinion.ranked[0][1] <= 0:
            continue
        if opinion.best not in _NOT_OURS and _may_be(opinion.best, text, number) and _is_backed(text, opinion, number):
            found.append((opinion.margin, opinion, number))
    whole = _opinion(text, [chunk for chunk in text.chunks if not chunk.forbids])
    if whole is not None and found and whole.ranked[0][1] > 0:
        found += [(whole.margin, opinion, number) for _, opinion, number in found if opinion.best == whole.best]
    if not found:
        return text
    margin, opinion, sentence = max(found, key=lambda one: one[0])
    reads = opinion.best in READ_ONLY
    if margin < (_SURE_TO_READ if reads else _SURE_TO_CHANGE) or _is_outweighed(margin, opinion, whole):
        return text
    if not reads and (_spoke_of_more(text, sentence) or _adds_unknown(text)):
        return text
    return _reread(text, text.sentence(sentence), opinion.best)


def _is_outweighed(margin: float, opinion: Opinion, whole: Opinion | None) -> bool:
    """Whether the whole text says something else, and surer."""
    return whole is not None and whole.best != opinion.best and whole.margin > margin


def _is_backed(text: Text, opinion: Opinion, sentence: int) -> bool:
    """Whether a sentence that only tells something tells of what the others ask for."""
    told = {chunk.sentence for chunk in text.chunks if chunk.tells}
    others = (_opinion(text, text.sentence(number)) for number in {chunk.sentence for chunk in text.chunks} - told)
    asking = [one for one in others if one and one.best not in _NOT_OURS]
    free = sentence not in told or opinion.best in READ_ONLY
    return free or all(one.doubt(opinion.best) < _DOUBT for one in asking)


def likeliest(text: Text) -> list[str]:
    """Return what the examples would guess, were they not so unsure: up to two things, none where it is not ours."""
    whole = _opinion(text, text.chunks)
    if whole is None or whole.best in _NOT_OURS:
        return []
    opinions = (_opinion(text, [chunk]) for chunk in text.chunks if not chunk.tells and not chunk.forbids)
    told = sorted(((one.ranked[0][1], one.best) for one in opinions if one), reverse=True)
    guesses = [whole.best, *(best for _, best in told), whole.ranked[1][0]]
    return [best for best in dict.fromkeys(guesses) if best not in _NOT_OURS][:2]


def as_meant(text: Text, intent: str) -> Text:
    """Return the text as one that asks for `intent`, and for nothing else."""
    return _reread(text, text.chunks, intent)


def _reread(text: Text, inside: Sequence[Chunk], intent: str) -> Text:
    """Return the text as one that asks for `intent` in the likeliest of some chunks."""
    told = _telling(text, inside, intent) if inside else None
    readings = [Reading((intent,), explicit=True) if one == told else Reading() for one in text.chunks]
    return replace(text, folded=fold(text.chunks, readings))


def without_doubtful(text: Text) -> Text:
    """Return the text without what only seemed not ours, where the examples are sure of what is asked for."""
    whole = _opinion(text, text.chunks) if text.folded.outside else None
    if whole is None or whole.best in _NOT_OURS | READ_ONLY or whole.ranked[0][1] < _SURE_OF_MORE:
        return text
    kept = [(group, chunk) for group, chunk in text.folded.outside if group in _CERTAIN or _is_not_ours(text, chunk)]
    return replace(text, folded=replace(text.folded, outside=kept))


_CERTAIN = frozenset({"unsafe", "vague"})


def _is_not_ours(text: Text, chunk: Chunk) -> bool:
    opinion = _opinion(text, [chunk])
    return opinion is None or opinion.best in _NOT_OURS


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
    unasked = chunk.forbids or chunk.keeps_open or chunk.has_pronoun or _is_why(text, chunk) or chunk.tells
    if unasked or (chunk.start and chunk.joint not in _BEGINS):
        return None
    opinion = _opinion(text, [chunk])
    if opinion is None or opinion.margin < _SURE_OF_MORE or opinion.best in wanted | _NOT_OURS | READ_ONLY:
        return None
    alike = any(frozenset({opinion.best, one}) in _ALIKE | _NEAR for one in wanted)
    complains = opinion.best == "optimize"
    return None if alike else Reading((opinion.best,), symptom=complains, explicit=not complains)


def _is_why(text: Text, chunk: Chunk) -> bool:
    """Whether a chunk is, or belongs to, a reason: `because copies and members are fetched one by one`."""
    before = [one for one in text.chunks if one.sentence == chunk.sentence and one.start <= chunk.start]
    return any(one.lemmas[0] in {"because", "since", "to"} for one in before)


_BEGINS = frozenset({".", "and", "then", "also", "+", ":", ",", "so"})


def borne_out(text: Text) -> Iterator[Request]:
    """Yield the requests that the examples bear out; where they are sure of something else, it is that.

    What they bear out neither by its own words nor by its sentence nor by the whole text is left out beside others.
    Raises `Unsure` where they are sure that it is nothing that can be done, or far from sure that it is meant.
    """
    requests = text.folded.requests
    whole = _opinion(text, text.chunks)
    opinions = [_opinions(text, request, whole) for request in requests]
    described = describes_design(text.words) is not None
    supported = [
        any(_agrees(one, request) for one in each) or (request.intent in _DESCRIBED and described)
        for request, each in zip(requests, opinions, strict=True)
    ]
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
                _hear_out(request, [one for one, kept in zip(requests, supported, strict=True) if kept])
        elif not text.folded.outside:
            yield _settled(request, text, each)


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
        if opinion.best in _NOT_OURS:
            raise Unsure(request.intent)
        if close and opinion.best not in READ_ONLY:
            raise Unsure(request.intent, opinion.best)
        request.intent = opinion.best
    elif doubt >= (_DOUBT_OF_READING if request.intent in READ_ONLY else _DOUBT):
        raise Unsure(request.intent)
    return request


def _opinions(text: Text, request: Request, whole: Opinion | None) -> list[Opinion]:
    """Return what the examples say of a request's own words, of the sentence that asks for it, and of the text."""
    own = _opinion(text, request.chunks)
    asked = _opinion(text, text.sentence(request.asked_in))
    return [one for one in (own, asked, whole) if one is not None]


def _is_asked_for(request: Request) -> bool:
    """Whether a map is wanted beside something else; `the webhooks are open to all` is only said."""
    return any(chunk.asks or _SHOWS & set(chunk.lemmas) or _is_question(chunk) for chunk in request.chunks)


def _is_of_nothing(request: Request) -> bool:
    """Whether a complaint about a failure names nothing that fails: `401 otherwise`."""
    return not any(chunk.mentions or chunk.asks for chunk in request.chunks if chunk.sentence >= request.asked_in)


def _is_question(chunk: Chunk) -> bool:
    return chunk.lemmas[0] in {"which", "who", "what"} and "be" in chunk.lemmas


def _may_be(intent: str, text: Text, sentence: int) -> bool:
    """Whether a sentence may want something; a question about what is, or what is there already, wants no change."""
    idle = (only_asks(chunk) or (chunk.tells and "already" in chunk.lemmas) for chunk in text.sentence(sentence))
    return intent in READ_ONLY or not any(idle)


def _may_replace(best: str, text: Text, request: Request) -> bool:
    """Whether something may be meant in place of a request; what is complained of is no wish for a report on it."""
    return _may_be(best, text, request.asked_in) and not (request.symptom and best == "check")


def _agrees(opinion: Opinion, request: Request) -> bool:
    alike = frozenset({opinion.best, request.intent}) in _ALIKE
    return alike or opinion.best == request.intent


def _spoke_of_more(text: Text, sentence: int) -> bool:
    """Whether other sentences name places of which a sentence may not be meant."""
    here = {one.places for chunk in text.sentence(sentence) for one in chunk.mentions}
    elsewhere = {one.places for chunk in text.chunks if chunk.sentence != sentence for one in chunk.mentions}
    return bool(elsewhere) and not here & elsewhere if here else len(elsewhere) > 1


def _adds_unknown(text: Text) -> bool:
    """Whether something is to be added that the project lacks, so that it cannot be about what it has."""
    wished = (chunk.words[1:4] for chunk in text.chunks if chunk.lemmas[0] in {"add", "create", "introduce", "build"})
    return any(word.kind == "word" and not word.known for words in wished for word in words)


def _telling(text: Text, inside: Sequence[Chunk], intent: str) -> Chunk:
    """Return the one of some chunks that says what it is about: where something is named, and it is likeliest said."""
    named = [chunk for chunk in inside if any(one.how != "synonym" for one in chunk.mentions)]
    named = named or [chunk for chunk in inside if chunk.mentions]

    def likely(chunk: Chunk) -> float:
        opinion = _opinion(text, [chunk])
        return dict(opinion.ranked)[intent] if opinion else 0.0

    return max(named, key=likely) if named else max(inside, key=lambda chunk: len(chunk.words))
