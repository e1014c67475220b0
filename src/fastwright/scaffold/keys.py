"""The primary key of a resource in each layer: a UUID, or the number that a table which is kept counts up."""

from __future__ import annotations

from dataclasses import dataclass

from fastwright.design.model import Kept, Resource
from fastwright.scaffold.text import literal

_UUID = "6f1e4a52-0d3b-4c6f-9a57-2b8c90d1e3f4"
# Near the end of what the narrowest column holds.
_NUMBER = "2_147_483_000"
_COLUMNS = {
    "uuid": "sa.Uuid()",
    "int": "sa.Integer()",
    "bigint": 'sa.BigInteger().with_variant(sa.Integer(), "sqlite")',
}


@dataclass(frozen=True)
class KeyView:
    """The key of a table: `kept` where it was there before."""

    kept: Kept | None

    @classmethod
    def of(cls, resource: Resource | None) -> KeyView:
        return cls(resource.kept if resource else None)

    @property
    def is_number(self) -> bool:
        return self.kept is not None and self.kept.key_type != "uuid"

    @property
    def python(self) -> str:
        return "int" if self.is_number else "UUID"

    @property
    def _width(self) -> str:
        return "64" if self.kept and self.kept.key_type == "bigint" else "32"

    @property
    def in_path(self) -> str:
        """The type of a path or query parameter, which comes as text."""
        return f"Key{self._width}" if self.is_number else "UUID"

    @property
    def in_answer(self) -> str:
        return "StoredInt" if self.is_number else "UUID"

    @property
    def in_body(self) -> str:
        return f"BodyKey{self._width}" if self.is_number else "UUID"

    @property
    def column(self) -> str:
        """The column of the database."""
        return self.kept.key if self.kept else "id"

    @property
    def column_type(self) -> str:
        return _COLUMNS[self.kept.key_type if self.kept else "uuid"]

    @property
    def mapped(self) -> str:
        """The arguments of `mapped_column`."""
        name = f"{literal(self.column)}, " if self.column != "id" else ""
        key = ', key="id"' if self.column != "id" else ""
        made = "" if self.is_number else ", default=uuid4"
        return f"{name}{self.column_type}, primary_key=True{made}{key}"

    # In tests

    def json(self, variable: str) -> str:
        """Return what stands for the row `variable` in JSON."""
        return f"{variable}.id" if self.is_number else f"str({variable}.id)"

    @property
    def missing(self) -> str:
        """The key of no row, in JSON."""
        return _NUMBER if self.is_number else f'"{_UUID}"'

    @property
    def unknown(self) -> str:
        """The key of no row, in an f-string that is a path."""
        return _NUMBER.replace("_", "") if self.is_number else "{uuid4()}"
