"""Random valid designs, small enough to generate a whole backend from each.

`designs()` draws what the readers accept: relations of every kind, owners, all access words, list options.
`plain_designs()` draws what a shorthand can say: fields and relations, with the defaults for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta, timezone
from decimal import Decimal

from hypothesis import strategies as st

from fastwright.design import read_shorthand
from fastwright.design.bounds import INT_RANGE
from fastwright.design.fields import MIN_UNIQUE_VALUES, distinct_values
from fastwright.design.files import CONTENT_TYPES
from fastwright.design.model import (
    Access,
    AccessRules,
    Design,
    Field,
    FieldType,
    ListOptions,
    Option,
    Relation,
    Resource,
    Versions,
)
from fastwright.design.naming import USER, plural
from fastwright.design.options import ordered
from fastwright.design.softly import SOFT_DELETE
from fastwright.design.writer import field_spec, relation_spec

RESOURCE_NAMES = ("Author", "Box", "Category", "Equipment", "Invoice", "LineItem", "Order", "Person", "Post", "SKU")
# Words that SQL reserves are among them: the generated backend has to quote them.
FIELD_NAMES = (
    "amount",
    "body",
    "code",
    "column",
    "count",
    "group",
    "key",
    "order",
    "primary",
    "select",
    "state",
    "title",
)
TO_ONE_NAMES = ("creator", "parent", "user", "source", "references")
TO_MANY_NAMES = ("related", "friends", "labels")
ROLES = ("editor", "night_shift")
_VALUES = ("draft", "in-progress", "no", "on_hold", "Live", "v2")
_UNIQUE = frozenset(set(FieldType) - {FieldType.BOOL, FieldType.ENUM, FieldType.FILE, FieldType.JSON, FieldType.TEXT})
_PRINTABLE = st.characters(codec="utf-8", exclude_categories=("C", "Z"), include_characters=" ")
_FILTER = frozenset(set(FieldType) - {FieldType.TEXT, FieldType.JSON, FieldType.URL, FieldType.FILE})
_SORT = frozenset({FieldType.STR, FieldType.INT, FieldType.DECIMAL, FieldType.DATE, FieldType.DATETIME})
_SEARCH = frozenset({FieldType.STR, FieldType.TEXT, FieldType.EMAIL})

descriptions = st.one_of(st.just(""), st.text(_PRINTABLE, max_size=40).map(lambda text: " ".join(text.split())))


@st.composite
def _limits(draw: st.DrawFn, kind: FieldType) -> dict[str, object]:
    if kind in {FieldType.STR, FieldType.TEXT}:
        upper = draw(st.integers(1, 300))
        return {"min_length": draw(st.integers(0, upper)) or None, "max_length": upper}
    if kind is FieldType.INT:
        lower, upper = sorted(draw(st.tuples(st.integers(*INT_RANGE), st.integers(*INT_RANGE))))
        return {"minimum": Decimal(lower), "maximum": Decimal(upper)}
    if kind is FieldType.DECIMAL:
        precision = draw(st.integers(1, 18))
        scale = draw(st.integers(0, precision))
        numbers = _decimals(precision, scale)
        lower, upper = sorted(draw(st.tuples(numbers, numbers)))
        kept = draw(st.sampled_from([(lower, upper), (None, upper), (lower, None), (None, None)]))
        return {"precision": precision, "scale": scale, "minimum": kept[0], "maximum": kept[1]}
    if kind is FieldType.ENUM:
        return {"values": tuple(draw(st.lists(st.sampled_from(_VALUES), min_size=1, max_size=4, unique=True)))}
    if kind is FieldType.FILE:
        kinds = draw(st.lists(st.sampled_from(CONTENT_TYPES), min_size=1, unique=True))
        return {"content_types": tuple(kinds), "max_bytes": draw(st.sampled_from([5_000, 1_000_000]))}
    return {}


def _decimals(precision: int, scale: int) -> st.SearchStrategy[Decimal]:
    limit = 10**precision - 1
    return st.integers(-limit, limit).map(lambda units: Decimal(units).scaleb(-scale))


def _defaults(field: Field) -> st.SearchStrategy[object] | None:
    """Return what the field may have as its default; `None` where its type has none."""
    if field.type is FieldType.DECIMAL:
        edges = [edge for edge in (field.minimum, field.maximum) if edge is not None]
        return st.sampled_from(edges) if edges else _decimals(field.precision or 1, field.scale or 0)
    strategies: dict[FieldType, st.SearchStrategy[object]] = {
        FieldType.STR: st.text(_PRINTABLE, min_size=field.min_length or 0, max_size=field.max_length),
        FieldType.TEXT: st.text(_PRINTABLE, min_size=field.min_length or 0, max_size=field.max_length),
        FieldType.INT: st.integers(int(field.minimum or 0), int(field.maximum or 0)),
        FieldType.BOOL: st.booleans(),
        FieldType.ENUM: st.sampled_from(field.values or ("none",)),
        FieldType.DATE: st.dates(date(1900, 1, 1)).map(date.isoformat),
        FieldType.DATETIME: st.datetimes(timezones=st.just(timezone(timedelta(hours=2)))).map(
            lambda at: at.isoformat()
        ),
        FieldType.UUID: st.uuids().map(str),
        FieldType.EMAIL: st.just("somebody@example.org"),
        FieldType.URL: st.just("https://example.org/path?q=1"),
    }
    return strategies.get(field.type)


@st.composite
def fields(draw: st.DrawFn, name: str, described: bool = True) -> Field:
    kind = draw(st.sampled_from(FieldType))
    limits = draw(_limits(kind))
    field = Field.model_validate(
        {"name": name, "type": kind, "required": draw(st.booleans()) and kind is not FieldType.FILE, **limits}
    )
    changes: dict[str, object] = {"description": draw(descriptions) if described else ""}
    if not field.required and kind is not FieldType.FILE:
        changes |= draw(st.sampled_from([{}, {}, {"since": 2}, {"until": 1}]))
    possible = _defaults(field)
    if kind in _UNIQUE and distinct_values(field) >= MIN_UNIQUE_VALUES and draw(st.booleans()):
        changes["unique"] = True
    elif possible is not None and draw(st.booleans()):
        changes["default"] = draw(possible)
    return field.model_copy(update=changes)


@st.composite
def _to_one(draw: st.DrawFn, name: str, index: int, names: Sequence[str], described: bool) -> Relation:
    # Only what stands before may be required, so that there is no circle of needs.
    target = draw(st.sampled_from([USER, *names]))
    may_require = target == USER or names.index(target) < index
    return Relation(
        name=name,
        kind="to_one",
        target=target,
        required=may_require and draw(st.booleans()),
        unique=draw(st.booleans()),
        description=draw(descriptions) if described else "",
    )


@st.composite
def _to_many(draw: st.DrawFn, name: str, index: int, names: Sequence[str], described: bool) -> Relation:
    target = draw(st.sampled_from([USER, *names[index:]]))
    text = draw(descriptions) if described else ""
    return Relation(name=name, kind="many_to_many", target=target, required=False, description=text)


@st.composite
def _relations(draw: st.DrawFn, index: int, names: Sequence[str], described: bool) -> tuple[Relation, ...]:
    one = draw(st.lists(st.sampled_from(TO_ONE_NAMES), max_size=2, unique=True))
    many = draw(st.lists(st.sampled_from(TO_MANY_NAMES), max_size=1, unique=True))
    return (
        *(draw(_to_one(name, index, names, described)) for name in one),
        *(draw(_to_many(name, index, names, described)) for name in many),
    )


@st.composite
def _access(draw: st.DrawFn, action: str, owned: bool, roles: tuple[str, ...]) -> Access:
    levels = ["authenticated", "role"]
    if action in {"list", "read"}:
        levels.append("public")
    if owned and action != "create":
        levels.append("owner")
    level = draw(st.sampled_from(levels))
    least = {"role": 1, "owner": 0}.get(level)
    if least is None:
        return Access.model_validate({"level": level})
    some = draw(st.lists(st.sampled_from(roles), min_size=least, max_size=2, unique=True))
    return Access.model_validate({"level": level, "roles": tuple(some)})


def owners(relations: tuple[Relation, ...]) -> list[str]:
    """Return the relations that could say whose row it is."""
    return [r.name for r in relations if r.kind == "to_one" and r.target == USER and r.required and not r.unique]


@st.composite
def _list_options(draw: st.DrawFn, resource: Resource) -> ListOptions:
    def some(names: list[str], least: int = 0) -> tuple[str, ...]:
        return tuple(draw(st.lists(st.sampled_from(names), min_size=least, max_size=4, unique=True))) if names else ()

    to_one = [relation.name for relation in resource.relations if relation.kind == "to_one"]
    shared = [field for field in resource.fields if not field.since and not field.until]
    by_types = {kinds: [f.name for f in shared if f.type in kinds] for kinds in (_FILTER, _SORT, _SEARCH)}
    sort = some([*by_types[_SORT], "created_at", "updated_at"], least=1)
    page_size, max_page_size = sorted(draw(st.tuples(st.integers(1, 1000), st.integers(1, 1000))))
    return ListOptions(
        filter=some([*by_types[_FILTER], *to_one]),
        sort=sort,
        search=some(by_types[_SEARCH]),
        default_sort=draw(st.sampled_from(["", "-"])) + draw(st.sampled_from(sort)),
        page_size=page_size,
        max_page_size=max_page_size,
    )


@st.composite
def _resource(draw: st.DrawFn, index: int, names: Sequence[str], roles: tuple[str, ...]) -> Resource:
    field_names = draw(st.lists(st.sampled_from(FIELD_NAMES), max_size=5, unique=True))
    relations = draw(_relations(index, names, described=True))
    owner = draw(st.sampled_from([None, *owners(relations)]))
    actions = ("list", "read", "create", "update", "delete")
    resource = Resource(
        name=names[index],
        plural=plural(names[index]),
        description=draw(descriptions),
        fields=tuple(draw(fields(name)) for name in field_names),
        relations=relations,
        owner=owner,
        access=AccessRules.model_validate({action: draw(_access(action, bool(owner), roles)) for action in actions}),
        soft_delete=draw(st.booleans()),
    )
    return resource.model_copy(update={"list": draw(_list_options(resource))})


@st.composite
def versions(draw: st.DrawFn, at_least: int) -> Versions:
    count = draw(st.integers(at_least, 2))
    first, last = sorted(draw(st.tuples(st.dates(date(2026, 1, 1)), st.dates(date(2026, 1, 1)))))
    dates = draw(st.sampled_from([(None, None), (first, None), (None, last), (first, last)]))
    return Versions(count=count, deprecated=dates[0], sunset=dates[1]) if count > 1 else Versions()


@st.composite
def designs(draw: st.DrawFn, max_resources: int = 4) -> Design:
    """Draw a valid design with up to four resources of up to five fields each."""
    names = draw(st.lists(st.sampled_from(RESOURCE_NAMES), max_size=max_resources, unique=True))
    roles = ("admin", *draw(st.lists(st.sampled_from(ROLES), unique=True)))
    resources = tuple(draw(_resource(index, names, roles)) for index in range(len(names)))
    name = draw(st.sampled_from(["shop", "my-shop", "shop_2"]))
    options = ordered(draw(st.sets(st.sampled_from(Option))))
    spanned = any(field.since or field.until for resource in resources for field in resource.fields)
    return Design(
        name=name,
        description=draw(descriptions),
        roles=roles,
        options=options,
        resources=resources,
        versions=draw(versions(at_least=2 if spanned else 1)),
    )


@st.composite
def plain_designs(draw: st.DrawFn, max_resources: int = 4) -> Design:
    """Draw a design that a shorthand can say in full: no descriptions, and the defaults for access and lists."""
    drawn = draw(designs(max_resources=max_resources))
    return read_shorthand(drawn.name, in_short(drawn))


def in_short(design: Design) -> list[str]:
    """Return what a person would write on the command line: all that a shorthand can say of a design."""
    return [" ".join(_tokens(resource)) for resource in design.resources]


def _tokens(resource: Resource) -> Iterator[str]:
    yield resource.name
    if resource.soft_delete:
        yield SOFT_DELETE
    for field in resource.fields:
        yield f"{field.name}:{field_spec(field)}"
    for relation in resource.relations:
        yield f"{relation.name}:{relation_spec(relation)}"
