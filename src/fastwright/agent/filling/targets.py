"""What a request is about, as paths of the project; or the question that has to be asked first."""

from __future__ import annotations

from collections.abc import Sequence

from fastwright.agent.filling.context import Context, ask, ask_instead
from fastwright.agent.grounding.mentions import Mention
from fastwright.agent.grounding.places import Place
from fastwright.agent.grounding.roles import PERSONS
from fastwright.agent.language.words import Word
from fastwright.agent.language.wordsets import word_set
from fastwright.agent.plan import READ_ONLY
from fastwright.agent.reading.chunks import Chunk

WHOLE = "*"
SAYS = {
    "protect": "protect", "optimize": "speed up", "cache": "cache", "filtering": "filter", "pagination": "paginate",
    "idempotency": "make safe to retry", "soft-delete": "soft-delete", "file-upload": "take files at",
    "background-tasks": "do in the background", "tests": "test", "rate-limit": "limit", "check": "check",
    "explain": "explain",
}  # fmt: skip
_NEEDS: dict[str, set[str]] = {
    "pagination": {"GET"},
    "filtering": {"GET"},
    "cache": {"GET"},
    "optimize": {"GET"},
    "idempotency": {"POST", "PUT", "PATCH"},
    "soft-delete": {"DELETE"},
}
_THINGS = word_set(
    """
    endpoint route list page resource table url path listing report collection model api data handler service screen
    module entity call
    """
)
_SKIPPED = word_set(
    """
    the a an our my your all every each this that these those any some new existing whole entire of to for on in by
    from behind under about with and please at it them its their
    """
)
_LEADS = word_set(
    """
    for on of to in from about under the our all every each at
    """
)
# Words that no list of plain English has, and that are no things of a project either.
_NO_THING = frozenset({"friday", "google", "json", "server", "dashboard"})


def targets(context: Context) -> list[tuple[str, Chunk | None]]:
    """Return the paths (or `WHOLE`) that the request is about, each with the chunk that says so; none if it says none.

    Raises `Open` where a thing is named that the project lacks, or that it has several of.
    """
    request = context.request
    mentions = request.targets or request.background[-1:]
    if request.background and all(mention.is_whole for mention, _ in mentions):
        named = [one for one in request.background if not one[0].is_whole]
        mentions = (named or request.background)[-1:]  # tasks: any write requires a login
    mentions = [one for one in mentions if one[0].how != "synonym"] or mentions
    written = [one for one in request.background if one[0].how == "path"]
    if len(written) == 1 and mentions and not any(_is_of(written[0][0], mention) for mention, _ in mentions):
        mentions = written  # it's about POST /loans
    found: list[tuple[str, Chunk | None]] = []
    for mention, chunk in mentions:
        found += [(path, chunk) for path in paths(context, mention, chunk)]
    whole = [one for one in found if one[0] == WHOLE]
    named = [one for one in found if one[0] != WHOLE]
    is_exact = any(mention.how in {"path", "name"} for mention, _ in mentions)
    found = whole if whole and not is_exact else named or whole  # all endpoints: repair what is slow
    _refuse_unknown(context, [chunk for _, chunk in mentions])
    if request.intent not in READ_ONLY:
        _refuse_above(context, [path for path, _ in found], [mention for mention, _ in mentions])
        _refuse_told(context, [path for path, _ in found], mentions)
    if not found and request.intent in SAYS.keys() - {"check"} and _points_nowhere(context):
        raise ask(f"What should I {SAYS[request.intent]}? Name the endpoints, or say the whole API.",
                  context.suggestions)  # fmt: skip
    return list(dict(found).items()) if found else []


def _is_of(written: Mention, mention: Mention) -> bool:
    """Whether a written path is but an example of what is named: `GET /orders/42` for the orders."""
    return mention.how == "path" or any(written.path.startswith(place.path) for place in mention.places)


def _refuse_above(context: Context, found: Sequence[str], mentions: Sequence[Mention]) -> None:
    """Ask which is meant if something below what was chosen is named as well: `artists: one query for each work`."""
    if len(found) != 1 or any(mention.how == "path" for mention in mentions):
        return
    excepted = {place.path for mention in context.request.exceptions for place in mention.places}
    below = [place.path for mention in context.named for place in mention.places
             if place.path.startswith(found[0] + "/") and place.path not in excepted]  # fmt: skip
    if below:
        raise ask(f"Which one should I {SAYS.get(context.request.intent, 'take')}?", [found[0], *dict.fromkeys(below)])


def _refuse_told(context: Context, found: Sequence[str], mentions: Sequence[tuple[Mention, Chunk]]) -> None:
    """Ask which is meant if only a story says what a request is about, and the story is about more than that."""
    request = context.request
    if len(found) != 1 or any(mention.how == "path" or said.sentence >= request.asked_in for mention, said in mentions):
        return
    asked = max(chunk.end for chunk in request.chunks if chunk.sentence <= request.asked_in)
    named = [one for one in context.named if one.start < asked and one.how not in {"synonym", "whole"}]
    others = [place.path for mention in named for place in mention.places if not (place.is_people or place.signs_in)
              and not found[0].startswith(place.path) and not place.path.startswith(found[0])]  # fmt: skip
    again = sum(any(place.path == found[0] for place in mention.places) for mention in context.named) > 1
    if others and not again and found[0] != WHOLE:
        raise ask(f"Which one should I {SAYS.get(request.intent, 'take')}?", [found[0], *dict.fromkeys(others)][:6])


def _points_nowhere(context: Context) -> bool:
    """Whether the request is about `it` or `them`, and nothing was named before that this could be."""
    said = {word.lemma for word in context.words}
    return any(_POINTERS & set(chunk.lemmas) for chunk in context.request.chunks) and not said & _ALL_OF_IT


_POINTERS = frozenset({"it", "them", "this", "those", "these", "they"})
_ALL_OF_IT = word_set(
    """
    api app application service backend server system site project database platform software website code codebase
    endpoint query we repository repo suite
    """
)


def paths(context: Context, mention: Mention, chunk: Chunk) -> list[str]:
    """Return the path of a mention; several where both, or all, are asked for."""
    if mention.is_whole:
        return [WHOLE]
    if mention.how == "path":
        if not mention.path:
            written = context.words[mention.start].text
            raise ask_instead(f"There is no {written} in this project. Which path do you mean?",
                              nearest(context, written), context.words, mention.start, mention.end)  # fmt: skip
        return [mention.path]
    places = fitting(mention.places, context.request.intent, mention.method)
    signs_in = all(place.signs_in for place in places)
    guards = context.request.intent in {"protect", "rate-limit"}
    guessed = (mention.how == "synonym" and context.request.intent not in READ_ONLY) or (
        guards and _is_thing_by_verb(context, mention)
    )
    named = {place for one in context.named if one.how in {"name", "path"} for place in one.places}
    if guessed and not signs_in and not named & set(places):
        raise ask_instead(f"There is no “{context.words[mention.start].text}” in this project. Do you mean this?",
                          [place.path for place in places], context.words, mention.start, mention.end)  # fmt: skip
    found = [place.path for place in places]
    if len(found) == 1 and (below := _one_of(context, mention, places[0])):
        found = below
    if len(found) > 1 and not {"both", "all"} & set(chunk.lemmas):
        raise ask_instead(f"Which one should I {SAYS.get(context.request.intent, 'take')}?",
                          found, context.words, mention.start, mention.end)  # fmt: skip
    return found


def _is_thing_by_verb(context: Context, mention: Mention) -> bool:
    """Whether a noun was taken for the verb of a place: `the vaccination schedule`."""
    word, before = context.words[mention.start], context.words[max(0, mention.start - 1)]
    led = before.lemma in {"the", "our", "my"} or (not before.known and before.kind == "word")
    return mention.how == "verb" and mention.start > 0 and led and not word.is_gerund


def _one_of(context: Context, mention: Mention, place: Place) -> list[str]:
    """Return the paths below a place that has no endpoints of its own, where one of them is spoken of: `the report`."""
    after = context.words[mention.end].lemma if mention.end < len(context.words) else ""
    if place.own or after not in {"endpoint", "route"} or context.words[mention.end].text.lower() != after:
        return []
    below = [one for one in context.places.all if one.path.startswith(place.path + "/")]
    return [one.path for one in below if one.depth == place.depth + 1]


def fitting(places: Sequence[Place], intent: str, method: str = "") -> tuple[Place, ...]:
    """Return the places that have the methods that an intent is about; all of them if none has."""
    needs = {method} if method else _NEEDS.get(intent, set())
    better = tuple(place for place in places if not needs or place.has(needs))
    return better or tuple(places)


def nearest(context: Context, written: str) -> list[str]:
    """Return a few paths of the project that a wrong one may stand for."""
    parts = {part.lower() for part in written.split("/") if part}
    alike = [place.path for place in context.places.all if parts & set(place.path.lower().split("/")) - {"api"}]
    return (alike or [place.path for place in context.places.all if place.depth == 1])[:4]


def _refuse_unknown(context: Context, told: Sequence[Chunk]) -> None:
    """Ask about a thing that the project lacks, in the chunks where a target would be."""
    reasons: set[int] = set()
    for chunk in context.request.chunks:
        if chunk.lemmas[0] in {"otherwise", "because", "since"}:
            reasons.add(chunk.sentence)
        aside = chunk.tells and told and chunk.sentence not in {one.sentence for one in told}
        if chunk in context.request.open_chunks or chunk.sentence in reasons or aside:
            continue
        if unknown := unknown_thing(context, chunk, strictly=bool(told) or context.request.intent == "check"):
            raise ask(f"I find no “{unknown}” in this project. Which endpoints do you mean?", context.suggestions)


def unknown_thing(context: Context, chunk: Chunk, *, strictly: bool) -> str:
    """Return the thing that a chunk names and the project lacks; with `strictly`, only `the … endpoint` counts."""
    if chunk.mentions or chunk.exceptions:
        return ""
    taken = {role.start - chunk.start for role in context.roles}
    for place, word in enumerate(chunk.words):
        if word.lemma in _THINGS and place and place - 1 not in taken:
            before = chunk.words[place - 1]
            named = before.kind == "word" and before.lemma not in context.lexicon.plain | _SKIPPED | _NO_THING
            if (named or _is_thing(context, before)) and not _is_activity(before):
                return before.text
    if strictly:
        return ""
    for place, word in enumerate(chunk.words):
        if place not in taken and _is_thing(context, word) and _is_aimed_at(chunk, place):
            return word.text
    return ""


def _is_thing(context: Context, word: Word) -> bool:
    if word.kind not in {"word", "identifier"} or word.lemma in _SKIPPED | _NO_THING:
        return False
    if context.request.intent == "protect" and word.lemma in PERSONS:
        return False
    if context.request.intent == "filtering" and word.lemma in context.places.columns:
        return False
    lexicon = context.lexicon
    if word.lemma in lexicon.rings and word.lemma not in lexicon.plain:
        return True
    return not word.known or (word.lemma in lexicon.rings and word.text.lower().endswith("s"))


def _is_activity(word: Word) -> bool:
    return word.text.lower().endswith(("ing", "ed"))


def _is_aimed_at(chunk: Chunk, place: int) -> bool:
    """Whether a word is what something is done to: after a preposition or an article, or right after the first verb."""
    before = chunk.words[place - 1].lemma if place else ""
    return before in _LEADS or place <= 1
