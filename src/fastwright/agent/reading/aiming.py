"""Which of the places that a chunk mentions it is about."""

from __future__ import annotations

from fastwright.agent.grounding.mentions import Mention
from fastwright.agent.language.wordsets import MODALS, word_set
from fastwright.agent.reading.chunks import Chunk


def aimed_at(chunk: Chunk, intent: str) -> Mention | None:
    """Return the mention that a chunk is about: a path before names, names before whom they are for, and before all."""
    there = [one for one in chunk.mentions if intent in _OF_SIGN_IN or not one.places or not all(
        place.signs_in for place in one.places)]  # fmt: skip
    if intent == "optimize" and _WHILE & set(chunk.lemmas):
        when = chunk.start + next(place for place, lemma in enumerate(chunk.lemmas) if lemma in _WHILE)
        if not any(one.start <= chunk.start + 1 and not one.is_whole for one in there):  # search is slow when
            there = [one for one in there if one.start > when] or there
    if "because" in chunk.lemmas:
        there = [one for one in there if one.start < chunk.start + chunk.lemmas.index("because")]
    if intent == "optimize":  # the deals run one query per contact; one query per deal for the contact
        each = [one for one in there if chunk.lemmas[: one.start - chunk.start][-1:] == ("per",)]
        before = [one for one in there if one not in each and (not each or one.start < each[0].start)]
        there = before or (each if len(there) > len(each) else [])
    if intent == "rate-limit":  # per client, for each user
        there = [one for one in there if not _is_counted(chunk, one)]
    exact = [one for one in there if one.how == "path"]
    if intent == "filtering":  # what comes after `by` are columns
        by = next((at for at, lemma in enumerate(chunk.lemmas, chunk.start) if lemma in {"by", "on"}), chunk.end)
        there = [one for one in there if one.start < by or _is_led(chunk, one)]
        there = [one for one in there if _is_led(chunk, one)] or there
    acting = [one for one in there if not one.is_whole and intent != "soft-delete" and _acts(chunk, one)]
    done = {one.end for one in acting}  # meters send: the verb is no place either
    things = [one for one in there if not one.is_whole and one not in acting and one.start not in done]
    named = [one for one in things if one.how != "synonym"] or things
    if intent in {"pagination", "filtering", "soft-delete", "cache"}:  # returning all books
        named = [one for one in named if one.how != "verb"] or named
    if intent == "file-upload":  # upload a file with their submission
        named = [one for one in named if chunk.words[one.start - chunk.start].lemma not in {"upload", "file"}] or named
    if not things and intent == "file-upload":  # patients upload what belongs to them
        things = named = [one for one in there if not one.is_whole]
    best = exact or named or [one for one in there if one.is_whole]
    return best[0] if best else None


def _is_counted(chunk: Chunk, mention: Mention) -> bool:
    """Whether a mention is of those for whom a rate is counted: `per client`, `by the same customer`."""
    before = chunk.lemmas[: mention.start - chunk.start]
    return before[-1:] == ("per",) or (_is_people(chunk, mention) and before[-1:] in _COUNTED)


def _is_people(chunk: Chunk, mention: Mention) -> bool:
    """Whether a mention is of people, by the word or by what the project knows of them."""
    word = chunk.words[mention.end - chunk.start - 1].lemma
    return word in _PEOPLE or (bool(mention.places) and all(place.is_people for place in mention.places))


def _acts(chunk: Chunk, mention: Mention) -> bool:
    """Whether a mention is of people who do something, as in `customers complain`."""
    place = mention.end - chunk.start
    if (
        mention.how == "path"
        or mention.end - mention.start > 1
        or place >= len(chunk.words)
        or (not _is_people(chunk, mention) and chunk.lemmas[place] not in {"post", "send", "push"})
    ):
        return False
    first = mention.start - chunk.start
    if any(word.is_gerund or word.text in _METHODS for word in chunk.words[max(0, first - 3) : first]):
        return False  # something is done to them
    after = [word.lemma for word in chunk.words[place : place + 5] if word.lemma not in _ADVERBS]
    if not after or _is_led(chunk, mention):
        return False
    if after[0] == "to":
        return bool(_DOINGS & set(after[1:2]))
    if after[0] in MODALS | {"will", "would"}:
        able = bool({"able", "allow"} & set(after[1:3]))
        return able or not {"be", "require", "need", "have"} & set(after[1:2])
    needs = after[0] == "need" and (after[1:3] == ["to", "be"] or "".join(after[1:2]).isdigit())
    return after[0] in _DOINGS and not needs


_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
_WHILE = frozenset({"when", "while", "whenever"})
_COUNTED = (("each",), ("every",), ("same",), ("one",), ("single",), ("a",))
_OF_SIGN_IN = frozenset({"rate-limit", "explain", "tests", "optimize", "check", "idempotency", "background-tasks"})
_PEOPLE = word_set(
    """
    user customer guest patient student driver member author teacher doctor seller person client employee staff
    admin subscriber supplier visitor owner contact buyer tenant reader player passenger tutor borrower agent people
    account shopper
    """
)
_ADVERBS = frozenset({"only", "just", "also", "not", "currently", "still", "now", "easily", "actually", "really"})
_DOINGS = word_set(
    """
    keep complain want need forget call pay see wait open click try get use say tell report ask never always often
    create make upload search look hate buy order book send press submit leave give read find scroll who that
    login authenticate register
    """
)


def _is_led(chunk: Chunk, mention: Mention) -> bool:
    """Whether a mention comes right after `to`, `for` and the like."""
    before = [lemma for lemma in chunk.lemmas[: mention.start - chunk.start] if lemma not in {"the", "our", "all"}]
    return before[-1:] in (["to"], ["for"], ["of"], ["in"])
