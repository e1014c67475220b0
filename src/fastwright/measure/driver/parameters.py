"""The address of an endpoint, with parameters that lead to rows that are there."""

from __future__ import annotations

import re
import typing
from typing import Any
from urllib.parse import quote, urlencode

from fastwright.measure.driver.filling import Row
from fastwright.project.probe.asking import sample
from fastwright.project.probe.routes import Found

_PLACEHOLDER = re.compile(r"{(\w+)(?::(\w+))?}")
_LIMIT = re.compile(r"^(limit|size|page_?size|per_?page|count|take|top|first)$", re.IGNORECASE)
_KEY = re.compile(
    r"^(?:(?P<stem>\w+?)_)?(?P<attribute>id|pk|uuid|guid|key|slug|code|name|email|username|number|public_id)$"
)
_PAGE = 100


class Addresses:
    """Knows the rows by the names of their models, in whatever form a path has them."""

    def __init__(self, mappers: list[Any], rows: dict[Any, list[Row]]) -> None:
        self._rows: dict[str, tuple[Any, Row]] = {}
        for mapper in mappers:
            found = rows.get(mapper.local_table, [])
            if not found:
                continue
            whole = dict(found[0])
            for above in mapper.iterate_to_root():
                whole = {**(rows.get(above.local_table) or [whole])[0], **whole}
            for name in (mapper.class_.__name__, str(mapper.local_table.name)):
                self._rows.setdefault(_plain(name), (mapper, whole))

    def of(self, found: Found) -> str:
        """Return the path of an endpoint with its query."""
        fields = list(_fields(found.view, "path_params"))
        types = {field.alias: annotation_of(field) for field in fields}

        def value(match: re.Match[str]) -> str:
            name = match[1]
            return quote(
                str(self.value(name, types.get(name), found.path[: match.start()])), safe="/" * (match[2] == "path")
            )

        path = _PLACEHOLDER.sub(value, found.path) or "/"
        query = dict(self._query(found))
        return f"{path}?{urlencode(query)}" if query else path

    def _query(self, found: Found) -> typing.Iterator[tuple[str, str]]:
        for field in _fields(found.view, "query_params"):
            if _LIMIT.match(field.alias):
                most = _page(field)
                if most is not None:
                    yield field.alias, str(most)
            elif is_required(field):
                yield field.alias, str(self.value(field.alias, annotation_of(field), found.path))

    def headers(self, found: Found) -> list[tuple[bytes, bytes]]:
        """Return the headers that an endpoint cannot do without."""
        fields = [field for field in _fields(found.view, "header_params") if is_required(field)]
        return [(field.alias.encode(), sample(annotation_of(field)).encode()) for field in fields]

    def value(self, name: str, annotation: Any, before: str) -> Any:
        """Return the value of a parameter: a key of a row if it is called so, else something of its type."""
        row_value = self._from_row(name, before)
        if row_value is None or not _fits(row_value, annotation):
            return sample(annotation)
        return getattr(row_value, "value", row_value)

    def _from_row(self, name: str, before: str) -> Any | None:
        """Return the value of a row: `item_id` is a key of Item, and `id` after `/items/` is, too."""
        match = _KEY.match(name)
        segments = [part for part in before.split("/") if part and "{" not in part]
        stems = [match["stem"]] if match and match["stem"] else [name]
        attribute = match["attribute"] if match else "id"
        for stem in (*stems, *reversed(segments)):
            known = self._rows.get(_plain(stem)) or self._ending(_plain(stem))
            if known is None:
                continue
            mapper, row = known
            wanted = next((key for key in (attribute, name) if key in row and key != "id"), None)
            keys = [column.key for column in mapper.local_table.primary_key]
            return row[wanted] if wanted else row.get(next((key for key in keys if key in (name, "id")), keys[0]))
        return self._from_column(name, segments)

    def _ending(self, stem: str) -> tuple[Any, Row] | None:
        """Return the model whose name ends so: `rules` may be those of a MealPlanRule."""
        found = [name for name in self._rows if name.removesuffix("model").endswith(stem)]
        return self._rows[min(found, key=len)] if found else None

    def _from_column(self, name: str, segments: list[str]) -> Any | None:
        """Return the value of a column that is called as the parameter, of the model that the path names if it does."""
        named = {_plain(segment) for segment in segments}
        for model, (_mapper, row) in sorted(self._rows.items(), key=lambda one: one[0] not in named):
            found = next(
                (key for key in row if key == name or (key.startswith(f"{name}_") and name not in named)), None
            )
            if found is not None and model:
                return row[found]
        return None


def is_bounded(view: Any) -> bool:
    """Tell whether an endpoint has a parameter that bounds its page."""
    return any(_LIMIT.match(field.alias) for field in _fields(view, "query_params"))


def _plain(name: str) -> str:
    """Return a name without case, separators, and plural."""
    word = re.sub(r"[^a-z0-9]", "", name.lower())
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _fields(view: Any, kind: str) -> typing.Iterator[Any]:
    """Yield the parameters of an endpoint and of all that it depends on, each name once."""
    seen: set[str] = set()
    waiting = [getattr(view, "dependant", None)]
    while waiting:
        dependant = waiting.pop()
        if dependant is None:
            continue
        for field in getattr(dependant, kind, ()):
            if field.alias not in seen:
                seen.add(field.alias)
                yield field
        waiting += dependant.dependencies


def is_required(field: Any) -> bool:
    """Tell whether a request is refused without this."""
    required = getattr(field, "required", None)
    return bool(field.field_info.is_required() if required is None else required)


def annotation_of(field: Any) -> Any:
    """Return the type that a parameter is declared with."""
    return getattr(field, "type_", None) or getattr(field.field_info, "annotation", None)


def _page(field: Any) -> int | None:
    """Return the longest page that an endpoint gives, up to one that is long enough to see growth."""
    default = getattr(field.field_info, "default", None)
    if not isinstance(default, int):
        return _PAGE if is_required(field) else None
    limits = [getattr(one, "le", None) for one in getattr(field.field_info, "metadata", ())]
    limits += [bound - 1 for one in getattr(field.field_info, "metadata", ()) if (bound := getattr(one, "lt", None))]
    most = min([limit for limit in limits if isinstance(limit, int)] or [_PAGE])
    return max(min(most, _PAGE), default)


def _fits(value: Any, annotation: Any) -> bool:
    """Return whether a value is of the type that an endpoint takes."""
    kinds = [one for one in (annotation, *typing.get_args(annotation)) if isinstance(one, type)]
    if not kinds or str in kinds:
        return True
    return any(isinstance(value, kind) or _reads_as(str(value), kind) for kind in kinds)


def _reads_as(text: str, kind: Any) -> bool:
    try:
        kind(text)
    except Exception:  # noqa: BLE001 - any refusal says that it does not fit
        return False
    return True
