"""What the examples say of a text, or of a part of it, in which the cues have found nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fastwright.agent.plan import READ_ONLY
from fastwright.agent.reading.chunks import Chunk
from fastwright.agent.reading.folding import fold
from fastwright.agent.reading.intents import Reading
from fastwright.agent.reading.judging import ALIKE, DESCRIBED, DOUBT, NOT_OURS, SURE_OF_MORE, may_want, opinion_of
from fastwright.agent.reading.likelihood import Opinion
from fastwright.agent.reading.text import Text

# By how much (logarithm of odds) the examples have to prefer one thing to all others before it is taken for what is
# wanted: reading; changing something; changing what the sentence names, if it is likely to ask for anything. Chosen
# where right and wrong part in tests/agent/requests.
_SURE_TO_READ = 2.5
_SURE_TO_CHANGE = 5.0
_SURE_OF_NAMED = 3.5
_LIKELY = 2.5
_FEW = 3  # words that are too few to be sure of by them
# A registration checks what an address looks like.
_NEAR = frozenset({frozenset({"registration", "email-verification"})})


def by_example(text: Text) -> Text:
    """Return the text as the examples have the sentence that they are surest of; where they are not, as it is."""
    readings = [_more(text, chunk, frozenset()) or Reading() for chunk in text.chunks]
    if Reading(("registration",), explicit=True) in readings:  # which checks what an address looks like
        readings = [Reading() if "email-verification" in one.intents else one for one in readings]
    if len({one.intents for one in readings if one.intents}) > 1:
        return replace(text, folded=fold(text.chunks, readings))
    found: list[tuple[float, Opinion, int]] = []
    whole = opinion_of(text, [chunk for chunk in text.chunks if not chunk.forbids])
    for number in {chunk.sentence for chunk in text.chunks}:
        opinion = opinion_of(text, text.sentence(number))
        if opinion is None or opinion.ranked[0][1] <= 0:
            continue
        backed = _is_backed(text, opinion, number) or (
            whole is not None and whole.best == opinion.best and whole.margin >= _SURE_TO_CHANGE
        )
        if opinion.best not in NOT_OURS and may_want(opinion.best, text, number) and backed:
            found.append((opinion.margin, opinion, number))
    if whole is not None and found and whole.ranked[0][1] > 0:
        found += [(whole.margin, opinion, number) for _, opinion, number in found if opinion.best == whole.best]
    if not found:
        return text
    margin, opinion, sentence = max(found, key=lambda one: one[0])
    reads = opinion.best in READ_ONLY
    enough = _SURE_TO_READ if reads else _SURE_OF_NAMED if _names_place(text, opinion, sentence) else _SURE_TO_CHANGE
    if margin < enough or _is_outweighed(margin, opinion, whole):
        return text
    if not reads and (_spoke_of_more(text, sentence) or _adds_unknown(text) or _is_word_of_list(text, sentence)):
        return text
    return _reread(text, text.sentence(sentence), opinion.best)


def _names_place(text: Text, opinion: Opinion, sentence: int) -> bool:
    """Whether a sentence that is likely to ask for something says of what."""
    named = any(one.how in {"name", "path"} for chunk in text.sentence(sentence) for one in chunk.mentions)
    said = sum(len(chunk.words) for chunk in text.sentence(sentence))
    return named and said > _FEW and opinion.ranked[0][1] >= _LIKELY


def _is_outweighed(margin: float, opinion: Opinion, whole: Opinion | None) -> bool:
    """Whether the whole text says something else, and surer."""
    return whole is not None and whole.best != opinion.best and whole.margin > margin


def _is_backed(text: Text, opinion: Opinion, sentence: int) -> bool:
    """Whether a sentence that only tells something tells of what the others ask for."""
    told = {chunk.sentence for chunk in text.chunks if chunk.tells}
    others = (opinion_of(text, text.sentence(number)) for number in {chunk.sentence for chunk in text.chunks} - told)
    asking = [one for one in others if one and one.best not in NOT_OURS]
    free = sentence not in told or opinion.best in READ_ONLY
    return free or all(one.doubt(opinion.best) < DOUBT for one in asking)


def likeliest(text: Text) -> list[str]:
    """Return what the examples would guess, were they not so unsure: up to two things, none where it is not ours."""
    whole = opinion_of(text, text.chunks)
    if whole is None or whole.best in NOT_OURS:
        return []
    opinions = (opinion_of(text, [chunk]) for chunk in text.chunks if not chunk.tells and not chunk.forbids)
    told = sorted(((one.ranked[0][1], one.best) for one in opinions if one), reverse=True)
    guesses = [whole.best, *(best for _, best in told), whole.ranked[1][0]]
    return [best for best in dict.fromkeys(guesses) if best not in NOT_OURS][:2]


def as_meant(text: Text, intent: str) -> Text:
    """Return the text as one that asks for `intent`, and for nothing else."""
    return _reread(text, text.chunks, intent)


def _reread(text: Text, inside: Sequence[Chunk], intent: str) -> Text:
    """Return the text as one that asks for `intent` in the likeliest of some chunks."""
    told = _telling(text, inside, intent) if inside else None
    readings = [Reading((intent,), explicit=True) if one == told else Reading() for one in text.chunks]
    return replace(text, folded=fold(text.chunks, readings))


def with_more(text: Text, readings: Sequence[Reading]) -> Text:
    """Return the text with what its other parts ask for as well, where the examples are very sure of that.

    A text that asks for one thing in words that are known may ask for another in words that are not.
    """
    wanted = frozenset(request.intent for request in text.folded.requests)
    if not wanted or wanted & DESCRIBED:
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
    opinion = opinion_of(text, [chunk])
    if opinion is None or opinion.margin < SURE_OF_MORE or opinion.best in wanted | NOT_OURS | READ_ONLY:
        return None
    alike = any(frozenset({opinion.best, one}) in ALIKE | _NEAR for one in wanted)
    complains = opinion.best == "optimize"
    return None if alike else Reading((opinion.best,), symptom=complains, explicit=not complains)


def _is_why(text: Text, chunk: Chunk) -> bool:
    """Whether a chunk is, or belongs to, a reason: `because copies and members are fetched one by one`."""
    before = [one for one in text.chunks if one.sentence == chunk.sentence and one.start <= chunk.start]
    return any(one.lemmas[0] in {"because", "since", "to"} for one in before)


_BEGINS = frozenset({".", "and", "then", "also", "+", ":", ",", "so"})


def _spoke_of_more(text: Text, sentence: int) -> bool:
    """Whether other sentences name places of which a sentence may not be meant."""
    named = [(chunk.sentence, one.places) for chunk in text.chunks for one in chunk.mentions if one.how != "synonym"]
    here = {places for number, places in named if number == sentence}
    elsewhere = {places for number, places in named if number != sentence}
    return bool(elsewhere) and not here & elsewhere if here else len(elsewhere) > 1


def _is_word_of_list(text: Text, sentence: int) -> bool:
    """Whether a sentence is but a word or two beside others: `rates - who - when`."""
    return sum(len(chunk.words) for chunk in text.sentence(sentence)) < _FEW and text.chunks[-1].sentence > 0


def _adds_unknown(text: Text) -> bool:
    """Whether something is to be added that the project lacks, so that it cannot be about what it has."""
    wished = (chunk.words[1:4] for chunk in text.chunks if chunk.lemmas[0] in {"add", "create", "introduce", "build"})
    return any(word.kind == "word" and not word.known for words in wished for word in words)


def _telling(text: Text, inside: Sequence[Chunk], intent: str) -> Chunk:
    """Return the one of some chunks that says what it is about: where something is named, and it is likeliest said."""
    named = [chunk for chunk in inside if any(one.how != "synonym" for one in chunk.mentions)]
    named = named or [chunk for chunk in inside if chunk.mentions]

    def likely(chunk: Chunk) -> float:
        opinion = opinion_of(text, [chunk])
        return dict(opinion.ranked)[intent] if opinion else 0.0

    return max(named, key=likely) if named else max(inside, key=lambda chunk: len(chunk.words))
