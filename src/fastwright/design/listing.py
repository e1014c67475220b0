"""What a list endpoint allows: from the words of a design to `ListOptions`."""

from __future__ import annotations

from collections.abc import Iterable

from fastwright.design.draft import ListDraft
from fastwright.design.model import Access, Field, FieldType, ListOptions, Relation
from fastwright.design.source import Faults, Word, did_you_mean, listed

MAX_PAGE_SIZE = 1000
CREATED_AT = "created_at"
_TIMESTAMPS = (CREATED_AT, "updated_at")
_FILTER_BY_DEFAULT = frozenset({FieldType.ENUM, FieldType.BOOL})
_SORT = frozenset({FieldType.STR, FieldType.INT, FieldType.DECIMAL, FieldType.DATE, FieldType.DATETIME})
_SEARCH = frozenset({FieldType.STR, FieldType.TEXT, FieldType.EMAIL})
_FILTER = _FILTER_BY_DEFAULT | _SORT | {FieldType.UUID, FieldType.EMAIL}


def resolve_list(
    draft: ListDraft,
    fields: tuple[Field, ...],
    relations: tuple[Relation, ...],
    owner: str | None,
    access: Access,
) -> ListOptions:
    """Return the options; what was not written takes the defaults."""
    to_one = tuple(relation.name for relation in relations if relation.kind == "to_one")
    # Where everybody sees only their own rows, a filter by the owner has no effect.
    useful = tuple(name for name in to_one if access.level != "owner" or name != owner)
    faults = Faults()
    chosen: dict[str, tuple[str, ...]] = {
        "filter": (*_names(fields, _FILTER_BY_DEFAULT), *useful),
        "sort": (CREATED_AT,),
        "search": (),
    }
    allowed = {
        "filter": (*_names(fields, _FILTER), *to_one),
        "sort": (*_names(fields, _SORT), *_TIMESTAMPS),
        "search": _names(fields, _SEARCH),
    }
    known = {*(field.name for field in fields), *(relation.name for relation in relations)}
    for option, words in (("filter", draft.filter), ("sort", draft.sort), ("search", draft.search)):
        if words is not None:
            with faults.gathered():
                chosen[option] = _chosen(words, allowed[option], option, known)
    faults.raise_any()
    page_size, max_page_size = _page_sizes(draft)
    return ListOptions(
        filter=chosen["filter"],
        sort=chosen["sort"],
        search=chosen["search"],
        default_sort=_default_sort(draft, chosen["sort"]),
        page_size=page_size,
        max_page_size=max_page_size,
    )


def _names(fields: Iterable[Field], types: frozenset[FieldType]) -> tuple[str, ...]:
    """Return the fields of these types that every version of the API knows: lists are the same in all of them."""
    shared = (field for field in fields if not field.since and not field.until)
    return tuple(field.name for field in shared if field.type in types)


def _chosen(words: tuple[Word, ...], allowed: tuple[str, ...], option: str, known: set[str]) -> tuple[str, ...]:
    seen: set[str] = set()
    for word in words:
        if word.text not in allowed:
            problem = f"cannot be used for `{option}`" if word.text in known else "is no field of this resource"
            otherwise = "" if allowed else "leave it out: no field of this resource can be used"
            raise word.fault(f"`{word.text}` {problem}", hint=_hint(word, allowed, known, otherwise))
        if word.text in seen:
            raise word.fault(f"`{word.text}` is there twice in `{option}`", hint="leave one of them out")
        seen.add(word.text)
    return tuple(word.text for word in words)


def _hint(word: Word, allowed: tuple[str, ...], known: set[str], otherwise: str) -> str:
    if otherwise:
        return otherwise
    return f"use {listed(allowed)}" if word.text in known else did_you_mean(word.text, allowed)


def _default_sort(draft: ListDraft, sort: tuple[str, ...]) -> str:
    if draft.default_sort is None:
        return f"-{CREATED_AT}" if CREATED_AT in sort else sort[0]
    word = draft.default_sort
    name = word.part(1) if word.text.startswith("-") else word
    if name.text not in sort:
        message = f"`{word.text}` is not among the fields of `sort`"
        raise name.fault(
            message, hint=did_you_mean(name.text, sort, otherwise=f"add it to `sort`, or use {listed(sort)}")
        )
    return word.text


def _page_sizes(draft: ListDraft) -> tuple[int, int]:
    assumed = ListOptions()
    maximum = _page_size(draft.max_page_size, assumed.max_page_size)
    usual = _page_size(draft.page_size, min(assumed.page_size, maximum))
    if draft.page_size and usual > maximum:
        raise draft.page_size.fault(
            f"a page of {usual} is larger than the largest, {maximum}",
            hint=f"raise `max_page_size` to {usual}, or lower it",
        )
    return usual, maximum


def _page_size(word: Word | None, assumed: int) -> int:
    if word is None:
        return assumed
    if not word.text.isascii() or not word.text.isdigit() or not 1 <= int(word.text[:9]) <= MAX_PAGE_SIZE:
        raise word.fault(f"`{word.text}` is not a page size", hint=f"use a whole number from 1 to {MAX_PAGE_SIZE}")
    return int(word.text)
