"""Weigh the evidence of a chunk: the intents that it carries, and whether it is ours at all."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from fastwright.agent.grounding.roles import Role
from fastwright.agent.language.words import Word
from fastwright.agent.language.wordsets import word_set
from fastwright.agent.plan import READ_ONLY
from fastwright.agent.reading.chunks import Chunk
from fastwright.agent.reading.cues import Evidence, evidence, spots
from fastwright.agent.reading.lexicon import Lexicon
from fastwright.agent.reading.questions import only_asks

ENOUGH = 2.5
STRONG = 3.0
VERBS = frozenset({"map", "check", "protect", "optimize", "explain", "prove", "undo", "new"})
WITHOUT_ARGUMENTS = word_set(
    """
    registration auth password-reset email-verification security-headers errors logging health metrics migrations
    api-versioning admin cors roles
    """
)
_WISH = word_set(
    """
    add introduce implement setup enable need want use provide support have give create build make install integrate
    like get offer apply turn allow let able put switch move miss lack expose require write do wish please set
    """
)
_KEEPS = frozenset({"track", "manage", "keep", "store", "record"})
_OF_MAPS = word_set(
    """
    endpoint route map access call open public allow model who url
    """
)
_NOT = word_set(
    """
    not never no nobody noone avoid prevent stop forbid ensure
    """
)
# Their words are common in requests that are ours, too.
_SOFT = frozenset({"texts", "frontend", "general", "vague", "messages", "display"})
_ASKS_WHO = frozenset({"which", "who", "what", "how"})


@dataclass(frozen=True)
class Reading:
    """What one chunk wants: intents from the likeliest on; `outside` names what is not ours."""

    intents: tuple[str, ...] = ()
    outside: str = ""
    symptom: bool = False
    explicit: bool = False
    also: tuple[str, ...] = ()


def read(
    lexicon: Lexicon,
    chunk: Chunk,
    roles: Sequence[Role],
    columns: frozenset[str],
    *,
    design: frozenset[str] | None,
    topic: bool = False,
) -> Reading:
    """Return what the chunk wants, as far as its words are evidence; `design` what fields are told of.

    A `topic` stands before a colon.
    """
    found = [one for one in evidence(lexicon, spots(chunk.words, _marks(chunk, roles, columns))) if _counts(one, chunk)]
    found = _heard(found, chunk)
    scores = _scores(found, chunk)
    if (
        design is not None
        and not any(score >= STRONG for intent, score in scores.items() if intent != "resource")
        and (_names_new(chunk, lexicon, design) or (topic and _heads_design(chunk)))
    ):
        scores["resource"] = STRONG
    if "map" in scores and any(not one.is_whole for one in chunk.mentions) and not _OF_MAPS & set(chunk.lemmas):
        del scores["map"]
    ours = {intent: score for intent, score in scores.items() if not intent.startswith("outside.")}
    enough = sorted((intent for intent, score in ours.items() if score >= ENOUGH), key=lambda intent: -ours[intent])
    outside = _outside(lexicon, scores, enough)
    if design is not None and outside in {"general", "texts"}:
        outside = ""  # exams are to be stored, and not to be written
    intents = _wanted(lexicon, enough, found)
    symptom = bool(intents) and _complains(intents[0], found)
    return Reading(intents, outside, symptom, bool(intents) and not symptom, tuple(enough))


def _heard(found: list[Evidence], chunk: Chunk) -> list[Evidence]:
    """Return the evidence without what is only complained of, forbidden, or asked about."""
    if _lists_roles(chunk):
        found = [one for one in found if one.intent != "protect"]
    complains = any(one.intent == "protect" and one.cue.symptom for one in found)
    found = [one for one in found if one.intent not in _HARMFUL or _is_wish(one, chunk, complains=complains)]
    if chunk.asks and any(one.intent == "check" and one.cue.weight >= STRONG for one in found):
        found = [one for one in found if one.intent != "optimize" or one.cue.symptom]
    found = [one for one in found if one.intent != "explain" or not _is_ordered(chunk, one.start)]
    if only_asks(chunk):
        found = [one for one in found if one.intent not in {"protect", "outside.unsafe", "auth"}]
        if chunk.lemmas[0] in _OPEN_QUESTIONS:
            found = [one for one in found if one.intent in READ_ONLY or one.intent.startswith("outside.")]
        if chunk.lemmas[0] in {"any", "anything"}:
            found = [one for one in found if one.intent != "optimize"]
    if chunk.lemmas[:1] and _ASKS_WHO & set(chunk.lemmas[:2]) and any(one.intent == "map" for one in found):
        found = [one for one in found if one.intent != "protect"]
    return found


def _is_ordered(chunk: Chunk, place: int) -> bool:
    """Whether what sounds like a complaint is what has to be done: `reject invalid addresses`."""
    return place == 0 and chunk.lemmas[0] in {"reject", "refuse", "deny", "return"} and chunk.words[0].text.lower() in {
        "reject", "refuse", "deny", "return"}  # fmt: skip


def _lists_roles(chunk: Chunk) -> bool:
    """Whether a chunk begins a list of roles that are to be there: `introduce the roles student and tutor`."""
    texts = [word.text.lower() for word in chunk.words]
    return (
        "roles" in texts
        and bool(_WISH & set(chunk.lemmas[:3]))
        and not any(one.how == "path" for one in chunk.mentions)
    )


_HARMFUL = frozenset({"outside.unsafe", "outside.data"})
_OPEN_QUESTIONS = frozenset({"what", "which", "who", "whose"})
TYPED = word_set(
    """
    string str integer int whole decimal datetime boolean bool date text float url uuid optional unique field mandatory
    timestamp column nullable
    """
)


def _is_wish(one: Evidence, chunk: Chunk, *, complains: bool) -> bool:
    """Whether something unsafe is asked for, and not complained of (it is open; anyone can) or forbidden."""
    before = chunk.lemmas[: one.start]
    if _NOT & set(before) or before[-1:] == ("be",):
        return False
    return not (complains and chunk.lemmas[one.start] in {"anyone", "anybody", "everyone", "everybody", "all", "every"})


def _complains(intent: str, found: Sequence[Evidence]) -> bool:
    """Whether all that is said of an intent is what is wrong, and not what is wanted."""
    cues = [one.cue for one in found if one.intent == intent]
    return any(cue.symptom for cue in cues) and not any(cue.weight >= STRONG for cue in cues)


def describes_design(words: Sequence[Word]) -> frozenset[str] | None:
    """Return none unless a text says of what type fields are, or what belongs to what; then, what it says so of."""
    lemmas = [word.lemma for word in words]
    signs = sum(lemma in TYPED for lemma in lemmas) + sum(word.kind == "identifier" for word in words)
    signs -= sum(one == "whole" and other not in {"number", "second"} for one, other in itertools.pairwise(lemmas))
    related = any(_relates(lemmas, place) for place in range(len(lemmas)))
    if not signs + related:
        return None
    return frozenset(
        lemma for before, lemma in itertools.pairwise(lemmas) if before in {"each", "every", "a", "an", "one"}
    )


def _relates(lemmas: Sequence[str], place: int) -> bool:
    """Whether a word says what belongs to what, or what something has: `a workshop has a title`."""
    ahead = list(lemmas[place : place + 2])
    of_a_thing = place > 1 and lemmas[place - 2] in {"a", "an", "each", "every", "one"}
    return lemmas[place] == "belong" or ahead == ["have", "many"] or (ahead == ["have", "a"] and of_a_thing)


def _names_new(chunk: Chunk, lexicon: Lexicon, told: frozenset[str]) -> bool:
    """Whether something is to be added that neither the project nor the language knows, or that fields are told of."""
    wishes = _WISH | _KEEPS
    if not wishes & set(chunk.lemmas):
        return False
    if chunk.lemmas[-1] in {"need", "require"} and not chunk.mentions:  # wishlists are needed
        return chunk.words[0].lemma not in lexicon.plain
    taken = {place - chunk.start for one in chunk.mentions for place in range(one.start, one.end)}
    verb = next(place for place, lemma in enumerate(chunk.lemmas) if lemma in wishes)
    for place in range(verb + 1, min(verb + 7, len(chunk.words))):
        word = chunk.words[place]
        if place in taken or chunk.words[place - 1].lemma == "your":
            return False
        if (
            word.kind == "word"
            and len(word.lemma) > 2
            and (
                word.lemma not in lexicon.plain
                or word.text[:1].isupper()
                or word.lemma in told - _WISH - {"new", "field"}
            )
        ):
            return True
    return False


def _heads_design(chunk: Chunk) -> bool:
    """Whether a text begins with the name of something new, before a colon and its fields: `Payments: amount, …`."""
    alone = not chunk.mentions and len(chunk.words) in {1, 2, 3}
    names = chunk.words[0].text[:1].isupper() and not _NO_NAME & set(chunk.lemmas)
    return chunk.start == 0 and alone and names


_NO_NAME = word_set("thing two three note question request task todo first wish idea if it this that when as for by")


def _marks(chunk: Chunk, roles: Sequence[Role], columns: frozenset[str]) -> dict[int, tuple[str, int]]:
    marks = {
        place: ("<column>", place + 1)
        for place, word in enumerate(chunk.words)
        if word.lemma.replace("_", "") in columns
    }
    for one in (*chunk.mentions, *chunk.exceptions):
        name = "<whole>" if one.is_whole else "<place>"
        marks[one.start - chunk.start] = (name, min(one.end, chunk.end) - chunk.start)
    marks.update({
        one.start - chunk.start: ("<role>", one.start - chunk.start + 1)
        for one in roles if chunk.start <= one.start < chunk.end
    })  # fmt: skip
    return marks


def _counts(one: Evidence, chunk: Chunk) -> bool:
    """Words that only name a place are no evidence: `tasks` in `/tasks`, unless something is to be added."""
    inside = [mention for mention in (*chunk.mentions, *chunk.exceptions)
              if mention.start - chunk.start <= one.start and one.end <= mention.end - chunk.start]  # fmt: skip
    if one.intent.startswith("outside.") and (
        chunk.words[one.start].is_gerund or "endpoint" in chunk.lemmas[one.start : one.end]
    ):
        return False  # deleting something is spoken of, and not asked for; an endpoint is ours
    led = {"after", "during", "since"} & set(chunk.lemmas[max(0, one.start - 2) : one.start])
    if led and one.intent in {"registration", "auth"}:
        return False  # a mail after the registration
    return not inside or inside[0].is_whole or all(place.signs_in for place in inside[0].places)


def _scores(found: Sequence[Evidence], chunk: Chunk) -> dict[str, float]:
    weights: dict[str, list[float]] = defaultdict(list)
    for one in found:
        weights[one.intent].append(one.cue.weight)
    wish = bool(_WISH & set(chunk.lemmas))
    scores: dict[str, float] = {}
    for intent, each in weights.items():
        best, more = max(each), len(each) - 1
        is_capability = intent not in VERBS and not intent.startswith("outside.")
        terse = len(chunk.words) <= 3
        helped = (
            1.0
            if ((wish and is_capability) or (terse and (is_capability or intent == "optimize")))
            and best >= 2
            and intent != "resource"
            else 0.0
        )
        scores[intent] = best + min(1.5, 0.5 * more) + helped
    return scores


def _outside(lexicon: Lexicon, scores: dict[str, float], enough: Sequence[str]) -> str:
    """Return the group that the chunk belongs to if it is not ours; where both could be, ours only by the table."""
    groups = sorted(
        (one for one in scores if one.startswith("outside.") and scores[one] >= ENOUGH), key=lambda one: -scores[one]
    )
    for group in groups:
        name = group.removeprefix("outside.")
        if name in _SOFT and enough and scores[enough[0]] >= scores[group]:
            continue
        if not any(name in lexicon.ours.get(intent, ()) for intent in enough[:2]):
            return name
    return ""


def _wanted(lexicon: Lexicon, enough: Sequence[str], found: Sequence[Evidence]) -> tuple[str, ...]:
    """Return the intents without those that are only how others are said, and what overlaps with better ones."""
    left = [one for one in enough if not any(_overrules(lexicon, other, one, enough) for other in enough)]
    if not left:
        return tuple(enough[:1])
    kept = left[:1]
    for intent in left[1:]:
        if _is_apart(intent, kept, found):
            kept.append(intent)
    return tuple(sorted(kept, key=lambda intent: min((one.start for one in found if one.intent == intent), default=0)))


def _overrules(lexicon: Lexicon, one: str, other: str, ranked: Sequence[str]) -> bool:
    """Whether an intent overrules another; where each does, the likelier one."""
    if other not in lexicon.overrules.get(one, ()):
        return False
    return one not in lexicon.overrules.get(other, ()) or ranked.index(one) < ranked.index(other)


def _is_apart(intent: str, kept: Sequence[str], found: Sequence[Evidence]) -> bool:
    mine = [one for one in found if one.intent == intent and one.cue.weight >= 2]
    others = [one for one in found if one.intent in kept and one.cue.weight >= 2]
    return any(not any(one.start < other.end and other.start < one.end for other in others) for one in mine)
