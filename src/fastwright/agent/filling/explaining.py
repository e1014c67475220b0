"""The endpoint that a complaint is about, and the body that it quotes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastwright.agent.filling.context import Context, ask, ask_instead
from fastwright.agent.filling.targets import fitting, nearest, unknown_thing
from fastwright.agent.grounding.mentions import Mention
from fastwright.agent.grounding.methods import ALL, methods_named
from fastwright.agent.grounding.places import Place
from fastwright.agent.language.words import Word
from fastwright.agent.project import Endpoint
from fastwright.agent.reading.chunks import Chunk

_SIGN_IN = {"login": ("login", "token", "signin"), "signup": ("register", "signup"), "register": ("register", "signup"),
            "registration": ("register", "signup")}  # fmt: skip
_ONE = frozenset({"single", "one", "particular", "detail", "specific", "certain"})


def explained(context: Context) -> dict[str, Any]:
    """Return `endpoint`, and `body` if there is one. Raises `Open` if it is not clear which endpoint is meant."""
    endpoint = _endpoint(context)
    bodies = [word.value for word in context.words if word.kind == "json" and not _is_answer(word.value)]
    return {"endpoint": f"{endpoint.method} {endpoint.path}", **({"body": bodies[0]} if bodies else {})}


def _is_answer(value: object) -> bool:
    """Whether pasted JSON is what came back, and not what was sent."""
    return isinstance(value, dict) and "detail" in value


def _endpoint(context: Context) -> Endpoint:
    named = [*context.request.targets, *reversed(context.request.background)]
    named.sort(key=lambda one: not _done_to(*one))
    exact = [one for one in named if one[0].how == "path"]
    for mention, chunk in exact or named:
        if mention.is_whole:
            continue
        if mention.how == "path" and not mention.path:
            written = context.words[mention.start].text
            raise ask_instead(f"There is no {written} in this project. Which path do you mean?",
                              nearest(context, written), context.words, mention.start, mention.end)  # fmt: skip
        return _of(context, mention, chunk)
    if found := _signing_in(context):
        return found
    for chunk in context.request.chunks:
        if unknown := unknown_thing(context, chunk, strictly=False):
            raise ask(
                f"I find no “{unknown}” in this project. Which endpoint is it?", _listed(context.project.endpoints)
            )
    raise ask("Which endpoint is it? Give me its method and path, such as POST /api/orders.",
              _listed(context.project.endpoints))  # fmt: skip


def _done_to(mention: Mention, chunk: Chunk) -> bool:
    """Whether it is said what is done to what is mentioned: `when I make a new delivery`."""
    return bool(methods_named(chunk.words, frozenset({mention.start - chunk.start})))


def _of(context: Context, mention: Mention, chunk: Chunk) -> Endpoint:
    """Return the endpoint of what is mentioned that has the method that the words speak of."""
    methods = _methods(context, mention, chunk)
    if mention.how == "path":
        there = [one for one in context.project.endpoints if one.path == mention.path]
        there = there or _own(context.places.by_path.get(mention.path))
    else:
        places = fitting(mention.places, "explain")
        if mention.how == "verb" and not methods:
            methods = ("POST",)
        there = [one for place in places for one in _own(place)]
    wanted = [one for one in there if one.method in methods] if methods else _with_body(there)
    if methods and not wanted and mention.how != "path":
        wanted = [one for place in mention.places for one in place.endpoints if one.method in methods]
    if len(wanted) > 1:
        wanted = _narrowed(wanted, chunk)
    if len(wanted) == 1:
        return wanted[0]
    raise ask_instead(
        "Which of these requests is it?", _listed(wanted or there), context.words, mention.start, mention.end
    )


def _methods(context: Context, mention: Mention, chunk: Chunk) -> tuple[str, ...]:
    if mention.method:
        return (mention.method,)
    written = [word.text for word in context.own_words if word.kind == "word" and word.text in ALL]
    if len(set(written)) == 1:
        return (written[0],)
    objects = frozenset(one.start - chunk.start for one in chunk.mentions)
    found = methods_named(chunk.words, objects)
    if found:
        return found
    rest = [word for other in context.request.chunks for word in other.words]
    return methods_named(rest, frozenset())


def _own(place: Place | None) -> list[Endpoint]:
    return list(place.own) if place else []


def _with_body(there: Sequence[Endpoint]) -> list[Endpoint]:
    """Return the endpoints that take a body, since those are the ones that are refused for what is sent."""
    writing = [one for one in there if one.method in {"POST", "PUT", "PATCH"}]
    return writing or list(there)


def _narrowed(wanted: Sequence[Endpoint], chunk: Chunk) -> list[Endpoint]:
    """Tell a list from one of its items, and creating from replacing."""
    if {one.method for one in wanted} == {"GET"}:
        single = bool(_ONE & set(chunk.lemmas)) or any(_is_id(word) for word in chunk.words)
        return [one for one in wanted if one.path.endswith("}") == single] or list(wanted)
    return list(wanted)


def _signing_in(context: Context) -> Endpoint | None:
    there = {word.lemma for word in context.own_words}
    for word, names in _SIGN_IN.items():
        if word in there:
            found = [one for one in context.project.endpoints if one.signs_in and one.segments[-1] in names]
            if len(found) == 1:
                return found[0]
    return None


def _is_id(word: Word) -> bool:
    """Whether a number may be that of a row, and is no status code."""
    return word.kind == "number" and word.text.isdigit() and len(word.text) != 3


def _listed(endpoints: Sequence[Endpoint]) -> list[str]:
    return [f"{one.method} {one.path}" for one in endpoints[:6]]
