"""`add resource`: the name, the fields and the relations of what is to be made."""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import partial
from typing import Any

from fastwright.agent.filling.context import Context, ask
from fastwright.agent.filling.facets import plainly
from fastwright.agent.filling.fields import TYPES, fields_in_plain, pascal
from fastwright.agent.filling.listing import field_list
from fastwright.agent.filling.relations import relations
from fastwright.agent.language.inflection import guessed_form
from fastwright.agent.language.words import Word
from fastwright.agent.language.wordsets import word_set
from fastwright.design import naming

_KINDS = frozenset({"resource", "model", "entity", "table", "crud", "collection"})
_VERBS = word_set(
    """
    add create need want introduce make build define implement generate manage track store do set setup like get
    give support keep record
    """
)
_HAS = frozenset({"have", "belong", "need", "get", "carry", "hold", "contain", "consist"})
_NOBODY = frozenset({"it", "they", "them", "this", "that", "these", "those", "you", "who", "something", "everything"})
_SMALL = word_set(
    """
    kind sort manage | a " an the new for of to call name full one more another some our my additional complete simple
    basic endpoint please kindly also too request
    by ' ` support api proper us me whole backend project app separate i we would like will able and
    database can you could operation data - : fresh now further second extra
    """
)
_STOP = word_set(
    """
    with have that which each where so who belong contain consist to in include should must be store for every and
    there then hold has linked link related reference it they as whose of
    """
)


def resource(context: Context) -> dict[str, Any]:
    """Return the arguments of `add resource`. Raises `Open` if it has no name, or is there already."""
    models = _models(context)
    name_words, end = _name(context.span, models)
    if not name_words:
        raise ask("What should the new resource be called, and which fields does it have?")
    before = [word.lemma for word in context.span if word.end <= name_words[0].start][-1:]
    name = pascal([word.text for word in name_words], is_one=before == ["a"])
    if name.lower() in models:
        raise ask(f"There is a {name} already. What should be done with it?")
    own = {name.lower(), *(word.lemma for word in name_words), guessed_form(name_words[-1].lemma)}
    found, missing = _relations(context, models, sorted(own))
    if missing:
        raise ask(
            f"I find no model “{missing[0]}” to relate {name} to. Which one do you mean?", sorted(set(models.values()))
        )
    described = fields_in_plain(field_list(plainly(context.text[end : max(word.end for word in context.span)])))
    if unlikely := next((one["name"] for one in described if one["name"].count("_") >= _LONG), ""):
        raise ask(f"Which fields should {name} have? I read one as “{unlikely}”.")
    related = [naming.snake(one["to"]) for one in found]
    described = [one for one in described if not any(_only_relates(one["name"], target) for target in related)]
    arguments: dict[str, Any] = {"capability": "resource", "resource": name}
    return arguments | ({"fields": described} if described else {}) | ({"relations": found} if found else {})


_LONG = 4  # underscores in a name that is a sentence rather than a name


def _only_relates(name: str, target: str) -> bool:
    """Whether what looked like a field is a relation that was told: `course`, `always_meets_at_branch`."""
    before = name.removesuffix(f"_{target}")
    return name == target or (before != name and bool(_AT & set(before.split("_"))))


_AT = frozenset({"at", "in", "on", "for", "with", "by", "to", "of"})


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


_Named = tuple[list[Word], int]


def _name(words: Sequence[Word], models: Container[str]) -> _Named:
    """Return the words of the new thing's name, and where in the text they, or what announces them, end."""
    for find in (_of_titled_kind, _before_colon, partial(_told_of, models=models), _of_kind, _needed, _after_verb):
        name, end = find(words)
        if name:
            wished = (
                words[place].end for place in range(1, len(words))
                if words[place].lemma == name[-1].lemma and words[place - 1].lemma in _VERBS
            )  # fmt: skip
            colon = (word.end for word in words if word.text == ":")
            return name, min(end, next(wished, end), next(colon, end))
    return [], 0


def _of_titled_kind(words: Sequence[Word]) -> _Named:
    """Find `an Insurance resource`, `a resource Call`."""
    kinds = [place for place, word in enumerate(words) if word.lemma in _KINDS]
    return _beside(words, [one for one in kinds if _is_title(words, one - 1) or _is_title(words, one + 1)])


def _of_kind(words: Sequence[Word]) -> _Named:
    """Find `a wishlist table`, `a new model for wards`."""
    return _beside(words, [place for place, word in enumerate(words) if word.lemma in _KINDS])


def _beside(words: Sequence[Word], kinds: Sequence[int]) -> _Named:
    for kind in kinds:
        if found := _before(words, kind):
            return found, words[kind].end
        if found := _after(words, kind + 1):
            return found, found[-1].end
    return [], 0


def _told_of(words: Sequence[Word], models: Container[str]) -> _Named:
    """Find what fields are told of: `a warranty belongs to …`, `podcast episodes should get …`."""
    for place, word in enumerate(words):
        part = word.lemma == "be" and [one.lemma for one in words[place + 1 : place + 2]] == ["part"]
        if not (word.lemma in _HAS or part) or place + 2 >= len(words):
            continue
        first = place
        while first and words[first - 1].lemma in {"should", "must", "also", "shall"}:
            first -= 1
        name: list[Word] = []
        for before in reversed(words[max(0, first - 4) : first]):
            if before.lemma in {"a", "each", "every", "one"} or (before.text in _LISTED_AFTER and first < place):
                if name and "".join(one.lemma for one in name) not in models:
                    return name, name[-1].end
                break
            if before.kind not in {"word", "identifier"} or before.lemma in _SMALL | _STOP | _VERBS | _NOBODY:
                break
            name.insert(0, before)
    return [], 0


_LISTED_AFTER = frozenset({".", "!", "?", ":"})


def _needed(words: Sequence[Word]) -> _Named:
    """Find `wishlists are needed`."""
    needed = next((place for place, word in enumerate(words[:8]) if word.text.lower() in {"needed", "required"}), None)
    if needed is None or words[needed - 1].lemma != "be":
        return [], 0
    return [word for word in words[: needed - 1] if word.lemma not in _SMALL | _KINDS | _STOP], words[needed].end


def _before_colon(words: Sequence[Word]) -> _Named:
    """Find `Payments: amount, …` and `add repair visits: started_on, …`."""
    colon = next((place for place, word in enumerate(words[:9]) if word.text == ":"), 0)
    name = _before(words, colon) if colon else []
    first = colon - len(name)
    led = bool(first) and (words[first - 1].lemma in _VERBS or words[first - 1].text in _LISTED_AFTER)
    alone = first == 0 and words[0].text[:1].isupper()
    known = any(word.lemma in _NOBODY | _KINDS | _FIELDS for word in name)
    return (name, words[colon - 1].end) if name and (led or alone) and not known else ([], 0)


_FIELDS = frozenset({"field", "column", "attribute", "property", "note", "thing"})


def _after_verb(words: Sequence[Word]) -> _Named:
    """Find `track wards`, `give me a Wishlist`: a name that is written as one before others."""
    found: list[list[Word]] = []
    for verb, word in enumerate(words):
        to_have = word.lemma == "have" and verb > 0 and words[verb - 1].lemma == "to"
        if (word.lemma in _VERBS or to_have) and (name := _after(words, verb + 1)):
            found.append(name)
    titled = [name for name in found if _is_title(words, words.index(name[0]))]
    best = (titled or found)[:1]
    return (best[0], best[0][-1].end) if best else ([], 0)


def _is_title(words: Sequence[Word], place: int) -> bool:
    """Whether a word in the middle of a sentence is written as names are: `an Insurance resource`."""
    return 0 < place < len(words) and words[place].text[:1].isupper() and words[place - 1].text not in {".", "!", "?"}


def _after(words: Sequence[Word], start: int) -> list[Word]:
    name: list[Word] = []
    for place, word in enumerate(words[start : start + 8], start):
        titled = _is_title(words, place) and word.lemma not in _VERBS
        if not name and not titled and (word.lemma in _SMALL | {"to", "have"} or _leads_on(words, place)):
            continue
        if not titled and (
            word.lemma in _STOP | _SMALL | _NOBODY
            or word.is_gerund
            or word.kind not in {"word", "identifier"}
            or word.lemma in TYPES | dict.fromkeys(_KINDS, "")
        ):
            break
        name.append(word)
    return name[:3]


def _leads_on(words: Sequence[Word], place: int) -> bool:
    """Whether a word is a verb, or on the way to the name: `to keep`, `track of`."""
    before, after = words[place - 1].lemma, words[place + 1].lemma if place + 1 < len(words) else ""
    return before == "to" or (words[place].lemma in _VERBS and after == "of")


def _before(words: Sequence[Word], kind: int) -> list[Word]:
    name: list[Word] = []
    for place in range(kind - 1, max(-1, kind - 5), -1):
        word = words[place]
        if (word.lemma in _SMALL | _VERBS | _STOP and not _is_title(words, place)) or word.kind not in {
            "word",
            "identifier",
        }:
            break
        name.insert(0, word)
    return name
