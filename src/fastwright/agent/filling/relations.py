"""What a new resource belongs to, has many of, or is related to, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastwright.agent.language.words import Word
from fastwright.agent.language.wordsets import word_set


def relations(
    words: Sequence[Word], models: Mapping[str, str], own: Sequence[str]
) -> tuple[list[dict[str, str]], list[str]]:
    """Return the relations that the words name, and what is no model. `own` are words for the new resource."""
    found: list[dict[str, str]] = []
    missing: list[str] = []
    lemmas = [word.lemma for word in words]
    for place, lemma in enumerate(lemmas):
        kind = _relation_kind(lemmas, place)
        if not kind:
            continue
        subject = _model_before(lemmas, place, models)
        target = _model_after(lemmas, place + 1, models, own)
        if target is None and kind == "many-to-many":
            target = next(
                (
                    models[one]
                    for one in reversed(lemmas[max(0, place - 6) : place])
                    if one in models and one not in own
                ),
                None,
            )
        if subject and (target is None or lemma in {"belong", "have"}) and _is_own(lemmas, place, own):
            target, kind = models[subject], _REVERSED[kind]
        if target is None:
            missing += _noun_after(lemmas, place + 1)
        elif not any(one["to"] == target for one in found):
            found.append({"to": target, "kind": kind})
    return found, missing


_REVERSED = {"many-to-one": "one-to-many", "one-to-many": "many-to-one", "many-to-many": "many-to-many"}


def _relation_kind(lemmas: Sequence[str], place: int) -> str:
    lemma, after = lemmas[place], [*lemmas[place + 1 : place + 4], "", "", ""]
    if lemma == "many" and after[1] == "many":
        return "many-to-many"
    if lemma == "belong" or (
        lemma in {"reference", "link", "attach", "relate", "refer", "assign", "tie"} and "to" in after
    ):
        return "many-to-one"
    if lemma == "reference" or (lemma == "part" and after[0] == "of"):
        return "many-to-one"
    if lemma == "have" and after[0] in {"many", "several", "multiple"}:
        return "one-to-many"
    return ""


def _model_before(lemmas: Sequence[str], place: int, models: Mapping[str, str]) -> str | None:
    for before in range(place - 1, max(-1, place - 4), -1):
        if lemmas[before] in {".", ";"}:
            return None
        if lemmas[before] in models:
            return lemmas[before]
    return None


def _model_after(lemmas: Sequence[str], place: int, models: Mapping[str, str], own: Sequence[str]) -> str | None:
    for after in range(place, min(len(lemmas), place + 7)):
        for size in (2, 1):
            name = "".join(lemmas[after : after + size])
            if name in models and name not in own and len(lemmas[after : after + size]) == size:
                return models[name]
        if lemmas[after] in {".", ";"}:
            return None
    return None


def _is_own(lemmas: Sequence[str], place: int, own: Sequence[str]) -> bool:
    return bool(set(own) & set(lemmas[place + 1 : place + 6]))


_SMALL = word_set("it them to a an the one many with and or exactly several each of multiple")


def _noun_after(lemmas: Sequence[str], place: int) -> list[str]:
    found: list[str] = []
    for lemma in lemmas[place : place + 6]:
        if not lemma.replace("_", "").isalpha():
            break
        found += [lemma] if lemma not in _SMALL else []
    return found[:1]
