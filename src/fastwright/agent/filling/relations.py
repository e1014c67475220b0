"""What a new resource belongs to, has many of, or is related to, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastwright.agent.language.words import Word
from fastwright.agent.language.wordsets import word_set


def relations(
    words: Sequence[Word], models: Mapping[str, str], own: Sequence[str]
) -> tuple[list[dict[str, str]], list[str]]:
    """Return the relations that the words name, and what is no model. `own` are words for the new resource."""
    lemmas = [word.lemma for word in words]
    both = _many_on_both_sides(lemmas, models, own)
    found = [{"to": models[one], "kind": "many-to-many"} for one in both]
    missing: list[str] = []
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
        if target in {models[one] for one in both}:
            continue
        if target is None:
            missing += _noun_after(lemmas, place + 1)
        else:
            targets = [target, *(_joined(lemmas, place, models, own) if kind == "many-to-one" else ())]
            found += [{"to": one, "kind": kind} for one in targets if one not in {other["to"] for other in found}]
    return found, missing


def _many_on_both_sides(lemmas: Sequence[str], models: Mapping[str, str], own: Sequence[str]) -> list[str]:
    """Return the models that have many of the new one, and it of them: `an artist can have several sponsors`."""
    seen: set[tuple[str, str]] = set()
    for place, lemma in enumerate(lemmas):
        if lemma not in _MANY:
            continue
        before = [one for one in _clause(lemmas[:place]) if one in models or one in own or one == "it"]
        after = [one for one in lemmas[place + 1 : place + 3] if one in models or one in own]
        if before and after:
            seen.add((before[-1], after[0]))
    of_own = {after for before, after in seen if before in own or before == "it"}
    return [before for before, after in sorted(seen) if after in own and before in of_own and before not in own]


def _clause(lemmas: Sequence[str]) -> Sequence[str]:
    """Return the words since the last mark that ends a clause."""
    last = max((place for place, lemma in enumerate(lemmas) if lemma in _ENDS), default=-1)
    return lemmas[last + 1 :]


_ENDS = frozenset({".", ";", ",", "and", "while", "!"})
_MANY = frozenset({"many", "several", "multiple"})


def _joined(lemmas: Sequence[str], place: int, models: Mapping[str, str], own: Sequence[str]) -> list[str]:
    """Return the other models of `belongs to a course and to a student`."""
    found: list[str] = []
    started = False
    for lemma in lemmas[place + 1 : place + 16]:
        if lemma in models and lemma not in own:
            found.append(models[lemma])
            started = True
        elif lemma not in _SMALL and not (started and lemma == ","):
            break
    return found[1:]


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
    if lemma in {"at", "in", "on", "for", "with", "by"} and "one" in (
        after[0],
        after[1] if after[0] == "exactly" else "",
    ):
        return "many-to-one"
    if lemma == "have" and after[0] in _MANY:
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
