"""Which chunks only tell something: what is there, what was done, what is wanted by nobody.

People tell stories before they ask. What somebody says that there is (`migrations are done with Alembic`) or that was
done (`we already cached it`) is no wish for it; what is missing, or bad, may well be one.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

from fastwright.agent.language.words import Word
from fastwright.agent.language.wordsets import word_set
from fastwright.agent.plan import READ_ONLY
from fastwright.agent.reading.chunks import Chunk
from fastwright.agent.reading.intents import Reading
from fastwright.agent.reading.layout import Layout
from fastwright.agent.reading.questions import RESTRICTS, denies, wants_advice

_WISHES = word_set(
    """
    need want should must would like please let wish shall could may can require ought expect love prefer hope time
    only just enough plenty suffice make fix wonder idea
    """
)
_NEGATIVE = word_set(
    """
    not no never nobody noone none nothing nor neither without lack miss missing hardly barely zero any anymore too
    unless impossible still block fail error wrong break problem issue bug trouble
    """
)
_CONTENT = word_set("purpose intentional intentionally intended deliberate deliberately thanks thank nice alright")
_PRAISE = frozenset({"thanks", "thank", "nice"})
_COMMANDS = word_set(
    """
    add show give list put protect paginate cache write limit ratelimit secure optimize introduce setup make check run
    restrict undo test create build prove verify review audit explain tell find look start cover remove delete require
    take bring do turn move use keep let handle support allow enforce apply drop reduce speedup stop block hide lock cap
    throttle validate return send store attach accept teach see get go revert
    """
)
_PAST = word_set(
    """
    was were had did got went gave made took told said wrote sent came found lost kept thought brought bought built
    spent began ran saw knew grew felt broke chose forgot meant left paid won wanted ate stood sat sold spoke slept
    taught threw understood woke wore held heard hung fell flew fought drove drew drank dealt caught rose rang led lent
    met slid stole struck stuck swore became
    """
)
_STATES = word_set("have go work run use do live happen exist come know take get show say fire")
_SUBJECTS = word_set("we i they he she it you who")
_AFTER_OBJECTS = word_set("from with to for in on at by of as too again please back up down out off only behind under")
_OBJECTS = (["us"], ["me"], ["him"], ["you"])
_BEFORE_NAMES = frozenset({"by", "of", "as", "to", "for", "with"})
_LINKS = word_set("be get the a as of for to with by and or not if when in on at")
_FEW = 2
_THAT = frozenset({"that", "which", "this", "it"})


def framed(chunks: Sequence[Chunk], layout: Layout) -> list[Chunk]:
    """Return the chunks: a heading only tells, what is barred is not meant, and of output only paths count."""
    return [
        replace(
            chunk,
            mentions=tuple(one for one in chunk.mentions if one.how == "path" or not _is_within(chunk, layout.output)),
            forbids=chunk.forbids or _is_within(chunk, layout.barred),
            tells=chunk.tells or _is_within(chunk, (layout.heading,)),
        )
        for chunk in chunks
    ]


def without_frame(chunks: Sequence[Chunk], readings: Sequence[Reading], layout: Layout) -> list[Reading]:
    """Return the readings; output asks for no change, and a heading for nothing that the rest asks for."""
    found = [
        Reading() if _is_within(chunk, layout.output) and not {"explain", "optimize"} & set(one.intents) else one
        for chunk, one in zip(chunks, readings, strict=True)
    ]
    heads = [_is_within(chunk, (layout.heading,)) for chunk in chunks]
    asked = any(one.explicit and not is_head for one, is_head in zip(found, heads, strict=True))
    return [Reading() if asked and is_head else one for one, is_head in zip(found, heads, strict=True)]


def _is_within(chunk: Chunk, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= chunk.words[0].start < end for start, end in spans)


def with_told(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the chunks, those marked that only tell something."""
    chunks = [_taken_back(chunk, after) for chunk, after in zip(chunks, (*chunks[1:], None), strict=False)]
    forgotten = {chunk.sentence for chunk in chunks if chunk.joint == "," and chunk.lemmas[:2] in _FORGET}
    chunks = [replace(one, forbids=True, mentions=(), exceptions=()) if one.sentence in forgotten else one
              for one in chunks]  # fmt: skip
    told = [chunk.tells or _only_tells(chunk) for chunk in chunks]
    for place, (before, chunk) in enumerate(itertools.pairwise(chunks)):
        if told[place] and before.sentence == chunk.sentence and (_carries_on(chunk) or _is_noun(chunk)):
            told[place + 1] = True
        if told[place] and "same" in chunk.lemmas:
            told[place] = False  # it is there already; do the same for others
    return [replace(chunk, tells=True) if tells else chunk for chunk, tells in zip(chunks, told, strict=True)]


def without_told(chunks: Sequence[Chunk], readings: Sequence[Reading]) -> list[Reading]:
    """Return the readings without those of what is only told, where other sentences may ask for something.

    A question what should be done is no wish for it either.
    """
    advice = {chunk.sentence for chunk in chunks if wants_advice(chunk)}
    readings = [
        replace(one, intents=tuple(intent for intent in one.intents if intent in READ_ONLY))
        if chunk.sentence in advice
        else replace(one, intents=tuple(intent for intent in one.intents if intent in RESTRICTS))
        if denies(chunk)
        else one
        for chunk, one in zip(chunks, readings, strict=True)
    ]
    wished = any(one.intents and not chunk.forbids and not (chunk.tells and _is_past(chunk))
                 for chunk, one in zip(chunks, readings, strict=True))  # fmt: skip
    told = [
        chunk.tells and (not _is_told_to_us(chunk, one) or (wished and one.symptom and _is_past(chunk)))
        for chunk, one in zip(chunks, readings, strict=True)
    ]
    reasons = {chunk.sentence for chunk, one in zip(chunks, readings, strict=True) if one.explicit or chunk.keeps_open}
    told = [
        is_told or (chunk.lemmas[0] == "because" and chunk.sentence in reasons)
        for chunk, is_told in zip(chunks, told, strict=True)
    ]
    asking = [chunk for chunk, is_told in zip(chunks, told, strict=True) if not is_told]
    return [
        Reading()
        if is_told and ("already" in chunk.lemmas or any(_goes_before(other, chunk) for other in asking))
        else one
        for chunk, one, is_told in zip(chunks, readings, told, strict=True)
    ]


def _goes_before(chunk: Chunk, told: Chunk) -> bool:
    """Whether what a chunk asks for counts, and not what is told: in another sentence, or after `so` or `but`."""
    return chunk.sentence != told.sentence or (chunk.start > told.start and chunk.joint in {"so", "but"})


def _taken_back(chunk: Chunk, after: Chunk | None) -> Chunk:
    """Return a chunk as one that wants nothing if the next one says so: `no wait`, `which is on purpose`."""
    if after is None or not (
        after.lemmas[:2] in _CORRECTIONS
        or (_is_content(after) and after.lemmas[0] in _THAT and not _PRAISE & set(after.lemmas))
        or ((after.joint == "but" or after.lemmas[0] in _THAT) and _is_for_later(after))
    ):
        return chunk
    return replace(chunk, forbids=True, mentions=(), exceptions=())


_FORGET = frozenset({("forget", "that"), ("forget", "it"), ("never", "mind")})
_CORRECTIONS = frozenset({
    ("no", "wait"), ("scratch", "that"), ("forget", "that"), ("forget", "it"), ("actually", "no"), ("i", "mean"),
    ("ignore", "that"), ("ignore", "it"), ("ignore", "this"), ("leave", "that"), ("never", "mind"),
})  # fmt: skip


def _is_told_to_us(chunk: Chunk, reading: Reading) -> bool:
    """Whether something is wanted by telling it: what should be there, what went wrong, how many queries there are."""
    if "optimize" in reading.intents:
        return not _BETTER & set(chunk.lemmas)
    if "resource" in reading.intents and chunk.lemmas[0] in {"we", "i"} and chunk.lemmas[1:2] != ("be",):
        return False  # we create the tables at startup
    return reading.symptom or bool({"resource", "new", "explain"} & set(reading.intents))


_BETTER = word_set("fast faster quick quicker speedup optimize optimise tune snappy")


def _is_content(chunk: Chunk) -> bool:
    """Whether somebody says that all is as it should be: `which is on purpose`, `which nobody minds`."""
    lemmas = set(chunk.lemmas)
    content = lemmas & _CONTENT or {"nobody", "mind"} <= lemmas or {"how", "want"} <= lemmas
    return bool(content) and not lemmas & {"would", "should", "could", "please"}


def _is_for_later(chunk: Chunk) -> bool:
    """Whether something is put off: `one day, but not now`."""
    return bool(_LATER & {*itertools.pairwise(chunk.lemmas)})


def _only_tells(chunk: Chunk) -> bool:
    """Whether a chunk says what is, was or will be, and neither wants nor misses anything."""
    counted = {place + 1 for place, word in enumerate(chunk.words) if word.kind == "number"}  # 200 times
    lemmas = {word.lemma for place, word in enumerate(chunk.words) if word.text != "May" and place not in counted}
    if chunk.asks or _commands(chunk):
        return False
    if _is_content(chunk) or _is_for_later(chunk):
        return True
    if (
        lemmas & _WISHES
        or (lemmas & _NEGATIVE and not _is_past(chunk))
        or ("be", "for") in itertools.pairwise(chunk.lemmas)
    ):
        return False
    if chunk.words[0].is_gerund and len(chunk.words) > 1 and chunk.lemmas[1] not in _LINKS - {"the", "a"}:
        return True  # sending the mail, which something is said of
    named = {place - chunk.start for one in chunk.mentions for place in range(one.start, one.end)}
    places = (place for place in range(1, len(chunk.words)) if place not in named)
    return "already" in lemmas or any(_is_said_of(chunk.words, place) for place in places)


def _commands(chunk: Chunk) -> bool:
    """Whether a chunk begins with what is to be done, and not with who did something: `support called`."""
    first = chunk.words[0]
    return (
        first.lemma in _COMMANDS
        and first.text.lower() == first.lemma
        and not (len(chunk.words) > 1 and _is_said_of(chunk.words, 1))
    )


def _is_past(chunk: Chunk) -> bool:
    """Whether a chunk says what happened, and not what is."""
    said = [word for place, word in enumerate(chunk.words) if place and _is_said_of(chunk.words, place)]
    return bool(said) and all(_is_past_form(word.text.lower()) for word in said[:1])


def _is_past_form(text: str) -> bool:
    return text in _PAST or text.endswith("ed")


def _is_noun(chunk: Chunk) -> bool:
    """Whether a chunk only names one more thing: `and the log file`."""
    led = chunk.lemmas[0] in {"the", "a", "an", "my", "our", "his", "her", "their"}
    return led and chunk.joint in {"and", ","} and not set(chunk.lemmas) & (_WISHES | _NEGATIVE | {"be"})


_LATER = frozenset({
    ("one", "day"), ("some", "day"), ("another", "day"), ("not", "now"), ("next", "year"), ("another", "story"),
    ("another", "topic"), ("another", "matter"), ("separate", "story"), ("separate", "topic"),
})  # fmt: skip


def _carries_on(chunk: Chunk) -> bool:
    """Whether a chunk says more of whom the one before it tells of: `and talks to the bank`, `and gave up`."""
    text = chunk.words[0].text.lower()
    is_verb = text in _PAST or text.endswith("ed") or (text.endswith("s") and text[:-1] == chunk.lemmas[0])
    is_short = chunk.joint in {"and", ","} and chunk.lemmas[0] not in _COMMANDS and (
        len(chunk.words) <= _FEW or chunk.lemmas[0] == "another")  # fmt: skip
    goes_on = chunk.joint in {"and", "but", ",", "while"} and (is_verb or is_short)
    return goes_on and not set(chunk.lemmas) & (_WISHES | _NEGATIVE)


def _is_said_of(words: Sequence[Word], place: int) -> bool:
    """Whether a word is the verb of a statement: `we log`, `it goes`, `Tom added`."""
    word, before = words[place], words[place - 1]
    text = word.text.lower()
    if (text in _PAST and before.lemma not in _BEFORE_NAMES) or (
        text.endswith("ed") and word.is_participle and before.lemma not in _LINKS
    ):
        return True
    if word.lemma in {"be", "will"}:
        return text != "be"
    if text.endswith("s") and text != word.lemma and [one.lemma for one in words[place + 1 : place + 2]] in _OBJECTS:
        return True  # the map calls us
    if before.lemma in _SUBJECTS:
        return (
            word.kind == "word"
            and word.lemma not in _AFTER_OBJECTS
            and (place == 1 or words[place - 2].lemma not in {"can", "do", "will"})
        )
    return word.lemma in _STATES and text != word.lemma and text.endswith("s")
