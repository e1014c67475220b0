"""The columns by which a list is to be filtered, as the model has them."""

from __future__ import annotations

from collections.abc import Sequence

from fastwright.agent.filling.context import Context, ask
from fastwright.agent.grounding.places import parts
from fastwright.agent.language.words import Word
from fastwright.agent.language.wordsets import word_set
from fastwright.agent.project import Model

_LEADS = word_set(
    """
    by on for with via through : using use allow support to
    """
)
_TELLS = frozenset({"filter", "filterable", "filtering", "search", "sort", "narrow", "query"})
_NOISE = word_set(
    """
    a an the and or its their field column filter parameter of query value them it in be able to please also list
    endpoint only certain given by is with for on we i you can should our my like want add support allow via both
    possible filtering search searching so that user people person client need could type
    """
)


def columns_of(context: Context, path: str) -> list[str]:
    """Return the columns that the words name. Raises `Open` if they name none that the model has."""
    model = model_at(context, path)
    known = model.columns if model else ()
    found: list[str] = []
    unknown: list[str] = []
    listed_from = _by(context)
    for word in _named(context):
        matching = _matching(word, known) or _related(context, model, word)
        if len(matching) == 1:
            found += [matching[0]] if matching[0] not in found else []
        elif (word.kind == "identifier" or not word.known) and word.start >= listed_from:
            unknown.append(word.text)
    if unknown:
        raise ask(f"{path} has no “{unknown[0]}” to filter by. Which columns do you mean?", known)
    written = [word.lemma for word in context.span if word.kind == "identifier" and word.lemma in known]
    found = found or list(dict.fromkeys(written))
    if not found:
        raise ask(f"By which columns should {path} be filtered?", known)
    return found


def _by(context: Context) -> int:
    """Return where the columns begin: at the first `by` after which they are listed."""
    return next((word.start for word in context.own_words if word.lemma == "by"), 0)


def model_at(context: Context, path: str) -> Model | None:
    """Return the model that is listed at a path."""
    place = context.places.by_path.get(path)
    if place is None:
        return None
    shown = {one.response_model for one in place.own if one.response_model}
    for model in context.project.models:
        if (
            any(model.name in {name, _bare(name)} for name in shown)
            or parts(model.table or model.name) == place.names[-1]
        ):
            return model
    return next((model for model in context.project.models if parts(model.name)[-1:] == place.names[-1][-1:]), None)


def _bare(name: str) -> str:
    inner = name[name.find("[") + 1 : -1] if name.endswith("]") else name
    for suffix in ("Read", "Out", "Response", "Public", "Schema"):
        inner = inner.removesuffix(suffix)
    return inner


def _named(context: Context) -> list[Word]:
    """Return the words of the request that may be columns: those after `by` and the like that are not its target."""
    taken = {place for mention, _ in context.request.targets for place in range(mention.start, mention.end)}
    found: list[Word] = []
    leading = False
    told = [chunk for chunk in context.request.chunks if _TELLS & set(chunk.lemmas)]
    for chunk in context.request.chunks:
        if told and chunk.start < told[0].start and "by" not in chunk.lemmas:
            continue
        leading = leading or chunk.joint == ":"
        for place, word in enumerate(chunk.words, chunk.start):
            leading = leading or word.lemma in _LEADS
            if leading and place not in taken and word.lemma not in _NOISE and word.kind in {"word", "identifier"}:
                found.append(word)
    return found


def _matching(word: Word, columns: Sequence[str]) -> list[str]:
    """Return the columns that a word names: exactly, or by one of their parts (`arrival`, `arrives_on`)."""
    name = word.lemma
    exact = [column for column in columns if name in {column, column.removesuffix("_id"), column.replace("_", "")}]
    if exact:
        return exact[:1]
    by_part = [column for column in columns if name in _parts(column)]
    if by_part:
        return by_part
    stem = name[: max(5, len(name) - 3)]
    return [column for column in columns if len(name) > 4 and any(part.startswith(stem) for part in _parts(column))]


def _related(context: Context, model: Model | None, word: Word) -> list[str]:
    """Return the column by which the rows point at another model, for the name of that."""
    for name, target in model.relations if model else ():
        if word.lemma in {name, target.lower()}:
            other = next((one for one in context.project.models if one.name == target), None)
            keys = [f"{name}_id", f"{target.lower()}_id", *(other.columns[:1] if other else ())]
            return [key for key in keys if model and key in model.columns][:1]
    return []


def _parts(column: str) -> set[str]:
    return (
        set(column.split("_")) | set(parts(column)) | ({"date", "time"} if column.endswith(("_at", "_on")) else set())
    )
