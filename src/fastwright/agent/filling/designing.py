"""`add resource` and `new`: names, fields and relations of what is to be made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from fastwright.agent.filling.context import Context, ask
from fastwright.agent.filling.fields import TYPES, fields, pascal, relations
from fastwright.agent.language.inflection import guessed_form
from fastwright.agent.language.words import Word
from fastwright.agent.language.wordsets import word_set
from fastwright.design import naming

_KINDS = frozenset({"resource", "model", "entity", "table", "crud", "collection"})
_VERBS = word_set(
    """
    add create need want introduce make build define implement generate manage track store do set setup like get
    give support
    """
)
_SMALL = word_set(
    """
    kind sort manage a " an the new for of to call name full one more another some our my additional complete simple
    basic endpoint please kindly also by ' ` support api proper us me whole separate i we would like will able and
    database can you could operation data - : fresh now further second extra
    """
)
_STOP = word_set(
    """
    with have that which each where so who belong contain consist to in include should must be store for every and
    there then hold has linked link related reference it they as whose of
    """
)
_STARTS = re.compile(
    r"[:(]?\s*\b(?:each|every|it|they)\b(?:\s+\w+){0,2}?\s+(?:has|have|with|needs?|contains?)\b|"
    r"\b(?:with|having|has|have|each with|fields?|columns?|attributes?|contain\w*|consist\w* of|includ\w+|stor\w+"
    r"|of type)\b\s*:?|[:(]|\beach\b",
    re.IGNORECASE,
)  # fmt: skip
_RELATES = (
    r"(?:belongs?\b|has many\b|have many\b|(?:is |are )?(?:linked|attached|related|tied|assigned) to|references\b|"
    r"(?:is |are )?many.to.many)"
)
_ENDS = re.compile(
    r"(?:[.;,]|\band\b|\bwhich\b|\bthat\b)\s*(?:(?:it|they|each|every|a|an|the|one|all)\b[\w\s]{0,40}?)?\s*"
    rf"(?:should\s+|must\s+|can\s+|also\s+)*{_RELATES}|[.;][\w\s]{{0,60}}?{_RELATES}|[.!?](?:\s|$)",
    re.IGNORECASE,
)


def resource(context: Context) -> dict[str, Any]:
    """Return the arguments of `add resource`. Raises `Open` if it has no name, or is there already."""
    name_words, end = _name(context.span)
    if not name_words:
        raise ask("What should the new resource be called, and which fields does it have?")
    name = pascal([word.text for word in name_words])
    models = _models(context)
    if name.lower() in models:
        raise ask(f"There is a {name} already. What should be done with it?")
    own = {name.lower(), *(word.lemma for word in name_words), guessed_form(name_words[-1].lemma)}
    found, missing = _relations(context, models, sorted(own))
    if missing:
        raise ask(
            f"I find no model “{missing[0]}” to relate {name} to. Which one do you mean?", sorted(set(models.values()))
        )
    described = fields(_described(context.text[end : max(word.end for word in context.span)]))
    target_names = {naming.snake(one["to"]) for one in found}
    described = [one for one in described if one["name"] not in target_names]
    arguments: dict[str, Any] = {"capability": "resource", "resource": name}
    return arguments | ({"fields": described} if described else {}) | ({"relations": found} if found else {})


def _relations(context: Context, models: dict[str, str], own: Sequence[str]) -> tuple[list[dict[str, str]], list[str]]:
    words = context.span
    found, missing = relations(words, models, own)
    if not found and not missing and (owner := _owner(words, models, own)):
        found = [{"to": owner, "kind": "many-to-one"}]
    return found, missing


def _owner(words: Sequence[Word], models: dict[str, str], own: Sequence[str]) -> str | None:
    """Return the model that `announcements to courses` are added to."""
    lemmas = [word.lemma for word in words]
    name = max((place for place, lemma in enumerate(lemmas) if lemma in own), default=-1)
    for place in range(name + 1, len(lemmas) - 1):
        if lemmas[place] in {"to", "for", "of", "per", "on"} and place <= name + 2:
            for after in lemmas[place + 1 : place + 4]:
                if after in models and after not in own:
                    return models[after]
    return None


def _models(context: Context) -> dict[str, str]:
    """Return the models by their names in the singular, in small letters and without spaces."""
    return {model.name.lower(): model.name for model in context.project.models}


def _name(words: Sequence[Word]) -> tuple[list[Word], int]:
    """Return the words of the new thing's name, and where in the text they end."""
    kinds = [place for place, word in enumerate(words) if word.lemma in _KINDS]
    for kind in kinds:
        if found := _before(words, kind):
            return found, words[kind].end
        if found := _after(words, kind + 1):
            return found, found[-1].end
    needed = next((place for place, word in enumerate(words[:8]) if word.text.lower() in {"needed", "required"}), None)
    if needed is not None and words[needed - 1].lemma == "be":
        return [word for word in words[: needed - 1] if word.lemma not in _SMALL], words[needed].end
    colon = next((place for place, word in enumerate(words[:4]) if word.text == ":"), None)
    if colon and words[0].text[:1].isupper() and words[0].lemma not in _VERBS | _SMALL:
        return list(words[:colon]), words[colon - 1].end
    verb = next((place for place, word in enumerate(words) if word.lemma in _VERBS), None)
    found = _after(words, verb + 1) if verb is not None else []
    return found, (found[-1].end if found else 0)


def _after(words: Sequence[Word], start: int) -> list[Word]:
    name: list[Word] = []
    for word in words[start : start + 8]:
        if word.lemma in _SMALL | {"to", "have"} and not name:
            continue
        if (
            word.lemma in _STOP | _SMALL
            or word.kind not in {"word", "identifier"}
            or word.lemma in TYPES | dict.fromkeys(_KINDS, "")
        ):
            break
        name.append(word)
    return name[:3]


def _before(words: Sequence[Word], kind: int) -> list[Word]:
    name: list[Word] = []
    for word in reversed(words[max(0, kind - 4) : kind]):
        if word.lemma in _SMALL | _VERBS | _STOP or word.kind not in {"word", "identifier"}:
            break
        name.insert(0, word)
    return name


def _described(text: str) -> str:
    """Return the part of the text that lists the fields."""
    start = _STARTS.search(text)
    rest = text[start.end() :] if start else ""
    if start and start.group() == "(":
        rest = rest[: _closing(rest)]
    return rest[: end.start()] if (end := _ENDS.search(rest)) else rest


def _closing(text: str) -> int:
    depth = 1
    for place, letter in enumerate(text):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            return place
    return len(text)


_NEW_NAME = (
    re.compile(r"\b(?:called|named|named? it|by the name(?: of)?|call it)\s+['\"`“]?([A-Za-z][\w-]*)", re.IGNORECASE),
    re.compile(r"['\"`“]([a-z][\w-]*)['\"`”]"),
    re.compile(
        r"\b(?:backend|project|service|app|application|api)\s*:?\s+"
        r"((?!with|for|that|which|called|named|from|having|in|and|to|where|by|using)[a-z][a-z0-9]*(?:-[a-z0-9]+)*)\b",
        re.IGNORECASE,
    ),
    re.compile(r"\b([a-z][a-z0-9]*(?:-[a-z0-9]+)+)\b"),
)  # fmt: skip
_NEW_LIST = re.compile(
    r"\b(?:with|having|has|have|resources?|for|manag\w+|track\w*|handl\w+|models?|contain\w*|entit\w+)\b\s*:?|:",
    re.IGNORECASE,
)
_NEW_NOISE = word_set(
    """
    the a an resource resources model models entities entity and with it should have has some its manages tables
    table following these please thanks in to we need as manage for called named of just
    """
)


def new(context: Context) -> dict[str, Any]:
    """Return the arguments of `new`. Raises `Open` if it has no name or no resources."""
    text = context.own_text
    found = next((match for pattern in _NEW_NAME if (match := pattern.search(text))), None)
    if found is None:
        raise ask("What should the new backend be called, and which resources does it have?")
    rest = (
        text[: found.start()] + " . " + text[found.end() :]
        if _NEW_LIST.search(text[: found.start()])
        else text[found.end() :]
    )
    listed = _listed(rest)
    if not listed:
        raise ask(f"Which resources does {found.group(1)} have?")
    return {"name": naming.kebab(found.group(1)), "resources": listed}


def _listed(text: str) -> list[dict[str, Any]]:
    start = _NEW_LIST.search(text)
    rest = text[start.end() :] if start else text
    resources: list[dict[str, Any]] = []
    for found in re.finditer(r"([A-Za-z][\w\s'-]*?)\s*(\([^)]*\))?\s*(?:,|\band\b|&|;|[.!?](?:\s|$)|\n|$)", rest):
        words = [word for word in re.findall(r"[A-Za-z][\w-]*", found.group(1)) if word.lower() not in _NEW_NOISE]
        if not words:
            continue
        described = fields((found.group(2) or "")[1:-1])
        resources.append({"resource": pascal(words[-2:]), **({"fields": described} if described else {})})
    return resources
