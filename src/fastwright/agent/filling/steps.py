"""One request becomes steps: what each verb and each capability takes from the words."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

from fastwright.agent.filling import values
from fastwright.agent.filling.backend import new
from fastwright.agent.filling.columns import columns_of
from fastwright.agent.filling.context import Context, ask
from fastwright.agent.filling.designing import resource
from fastwright.agent.filling.explaining import explained
from fastwright.agent.filling.protecting import excepted, protect, refuse_unknown_exceptions
from fastwright.agent.filling.targets import SAYS, WHOLE, targets
from fastwright.agent.filling.unheard import refuse_unheard_exception
from fastwright.agent.language.wordsets import word_set
from fastwright.agent.plan import Step
from fastwright.agent.reading.intents import WITHOUT_ARGUMENTS


def steps(context: Context) -> list[Step]:
    """Return the steps of one request. Raises `Open` where the words leave something open."""
    intent = context.request.intent
    refuse_unknown_exceptions(context)
    filler = _FILLERS.get(intent)
    if filler is not None:
        return filler(context)
    if intent == "admin" and (there := [place.path for place in context.places.all if ("admin",) in place.names]):
        raise ask(
            f"There are endpoints below {there[0]} already. Should they be protected, or do you want admin pages?"
        )
    if intent in WITHOUT_ARGUMENTS:
        return [Step(verb="add", args={"capability": intent})]
    paths = _each_path(context)
    whole = any(mention.is_whole for mention, _ in context.request.targets)
    if (
        paths == [{}]
        and not whole
        and (intent in _OF_SOMETHING or (intent == "pagination" and (context.named or _is_of_another(context))))
    ):
        raise ask(f"Which endpoints should I {SAYS[intent]}?", context.suggestions)
    return [Step(verb="add", args={"capability": intent, **path}) for path in paths]


def _is_of_another(context: Context) -> bool:
    """Whether something is spoken of that the project lacks: `the spa treatments should come in pages`."""
    lemmas = [word.lemma for word in context.own_words]
    return any(one in {"the", "our", "my"} and other not in _EVERYTHING for one, other in itertools.pairwise(lemmas))


_EVERYTHING = word_set(
    """
    list listing api app backend endpoint response result answer page pagination project service collection data whole
    get size default limit
    """
)
_OF_SOMETHING = frozenset({"soft-delete", "idempotency", "file-upload", "background-tasks"})


def _each_path(context: Context) -> list[dict[str, Any]]:
    found = targets(context)
    paths = list(dict.fromkeys(path for path, _ in found))
    return [{} if path == WHOLE else {"path": path} for path in paths] or [{}]


def _optimize(context: Context) -> list[Step]:
    if _SAFETY & {word.lemma for word in context.own_words}:
        raise ask("Faster is one thing, safer another. Should I speed it up, or review its security?",
                  ["speed it up", "review the security"])  # fmt: skip
    found = _each_path(context)
    if found == [{}] and context.named and not context.request.targets:
        raise ask("What should I speed up? Name the endpoints, or say the whole API.", context.suggestions)
    written = next((path["path"] for path in found if not _is_read(context, path)), "")
    if written and _READING & {word.lemma for word in context.own_words}:
        found = [path if _is_read(context, path) else {} for path in found]  # it must be read elsewhere
    elif written:
        raise ask(f"I can measure what is read, and {written} is only written to. What should be done there?",
                  ["do the slow part in the background", "speed up all reads"])  # fmt: skip
    return [Step(verb="optimize", args=path) for index, path in enumerate(found) if path not in found[:index]]


def _is_read(context: Context, path: dict[str, Any]) -> bool:
    """Whether anything at or below a path can be measured."""
    place = context.places.by_path.get(path.get("path", ""))
    return place is None or any(one.method == "GET" for one in place.endpoints)


_READING = frozenset({"fetch", "load", "get", "list", "read", "query", "show", "open", "view"})
_SAFETY = frozenset({"secure", "security", "safe", "safer"})


def _check(context: Context) -> list[Step]:
    category = values.category(context.own_words)
    return [
        Step(verb="check", args={**path, **({"category": category} if category else {})})
        for path in _each_path(context)
    ]


def _cache(context: Context) -> list[Step]:
    found = _needed(context)
    ttl = values.seconds(context.span)
    return [
        Step(verb="add", args={"capability": "cache", "path": _whole(context, path), **({"ttl": ttl} if ttl else {})})
        for path in found
    ]


def _filtering(context: Context) -> list[Step]:
    return [
        Step(verb="add", args={"capability": "filtering", "path": path, "fields": columns_of(context, path)})
        for path in _needed(context)
    ]


def _needed(context: Context) -> list[str]:
    """Return the paths of what cannot do without one."""
    found = list(dict.fromkeys(path for path, _ in targets(context)))
    if not found:
        readable = [place.path for place in context.places.all if place.depth == 1 and place.has({"GET"})]
        raise ask(f"Which endpoints should I {SAYS[context.request.intent]}?", readable[:6])
    return found


def _whole(context: Context, path: str) -> str:
    return (context.project.prefix or "/") if path == WHOLE else path


def _rate_limit(context: Context) -> list[Step]:
    limit = values.limit(context.span)
    found = _each_path(context)
    if found == [{}] and context.project.prefix and _names_api(context):
        found = [{"path": context.project.prefix}]
    whole = any(mention.is_whole for mention, _ in context.request.targets)
    if found == [{}] and not limit and not whole:
        raise ask("How many requests in which time should be allowed, and where? Such as 10 a minute on the login.")
    if found == [{}] and not whole and _SIGN_IN & {word.lemma for word in context.words}:
        raise ask("Which endpoint do people sign in at?", context.suggestions)
    if not limit and any(word.kind == "number" for word in context.own_words):
        raise ask("How many requests should be allowed in a second, a minute, an hour or a day?")
    made: list[Step] = []
    for path in found:
        exceptions = excepted(context, path.get("path", "/"))
        refuse_unheard_exception(context, excepts=bool(exceptions or context.request.exceptions))
        made.append(Step(verb="add", args={
            "capability": "rate-limit", **path, **({"except": exceptions} if exceptions else {}),
            **({"limit": limit} if limit else {}),
        }))  # fmt: skip
    return made


_SIGN_IN = frozenset({"login", "signin", "signup", "register", "registration"})


def _names_api(context: Context) -> bool:
    """Whether it is the whole API that is limited, and not the whole service."""
    return any(
        mention.is_whole and "api" in context.words[mention.start].text.lower()
        for mention, _ in context.request.targets
    )


def _cors(context: Context) -> list[Step]:
    origins = values.origins(context.own_words) or values.origins(context.words)
    if not origins and "*" in context.own_text:
        raise ask("Every website could then call this API from its visitors' browsers. Which origins need it?")
    return [Step(verb="add", args={"capability": "cors", **({"origins": origins} if origins else {})})]


def _roles(context: Context) -> list[Step]:
    names = values.named_roles(context.span)
    return [Step(verb="add", args={"capability": "roles", **({"roles": names} if names else {})})]


def _resource(context: Context) -> list[Step]:
    return [Step(verb="add", args=resource(context))]


def _explain(context: Context) -> list[Step]:
    return [Step(verb="explain", args=explained(context))]


def _prove(context: Context) -> list[Step]:
    base = values.revision(context.own_text)
    return [Step(verb="prove", args={"base": base} if base else {})]


def _new(context: Context) -> list[Step]:
    return [Step(verb="new", args=new(context))]


def _plain(context: Context) -> list[Step]:
    return [Step(verb="map" if context.request.intent == "map" else "undo")]


_FILLERS: Mapping[str, Callable[[Context], list[Step]]] = {
    "protect": protect,
    "optimize": _optimize,
    "check": _check,
    "cache": _cache,
    "filtering": _filtering,
    "rate-limit": _rate_limit,
    "cors": _cors,
    "roles": _roles,
    "resource": _resource,
    "explain": _explain,
    "prove": _prove,
    "new": _new,
    "map": _plain,
    "undo": _plain,
}
