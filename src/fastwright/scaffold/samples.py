"""Values for the generated tests: two that are accepted, one that is new each time, and some that are refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property

from fastwright.design import naming
from fastwright.design.model import FieldType
from fastwright.scaffold.fields import FieldView
from fastwright.scaffold.text import literal, title

# In alphabetical order, so that the first sorts before the second under every collation.
_FIRST, _SECOND = "Alder", "Birch"
UNLIMITED = 1_000_000
# A text that has to be longer is padded by the code that uses it, since nobody counts letters.
PRINTED = 40
_FIXED = {
    FieldType.BOOL: ("False", "True"),
    FieldType.DATE: ('"2026-03-01"', '"2026-04-02"'),
    FieldType.DATETIME: ('"2026-03-01T12:00:00Z"', '"2026-04-02T08:30:00Z"'),
    FieldType.UUID: ('"0b6b8f6e-3f0c-4d53-9d3e-52f6f2a1c001"', '"7d3f0c52-98a1-4b7e-8f21-0c9be1d4a002"'),
    FieldType.JSON: ('{"wood": "alder"}', '{"wood": "birch", "rings": [1, 2]}'),
    FieldType.EMAIL: ('"alder@example.org"', '"birch@example.org"'),
    FieldType.URL: ('"https://example.org/alder"', '"https://example.org/birch"'),
}
_REFUSED = {
    FieldType.BOOL: ('"yes"',),
    FieldType.DATE: ('"tomorrow"', "1772323200"),
    FieldType.DATETIME: ('"2026-03-01T12:00:00"', "1772323200"),
    FieldType.UUID: ('"1"',),
    FieldType.ENUM: ('"no such value"',),
    FieldType.EMAIL: ('"nobody"',),
    FieldType.URL: ('"javascript:alert(1)"',),
}
_FROM_JSON = {
    FieldType.DATE: "date.fromisoformat({})",
    FieldType.DATETIME: "datetime.fromisoformat({})",
    FieldType.UUID: "UUID({})",
}


@dataclass(frozen=True)
class Samples:
    """Values of one field, each as Python source. `first` and `second` are JSON, and sort in this order."""

    view: FieldView

    @property
    def first(self) -> str:
        return self._pair[0]

    @property
    def second(self) -> str:
        return self._pair[1]

    @property
    def differ(self) -> bool:
        return self.first != self.second

    @property
    def first_stored(self) -> str:
        """The first value as the entity holds it."""
        return self._stored(self.first)

    @property
    def second_stored(self) -> str:
        return self._stored(self.second)

    @property
    def default(self) -> str:
        """The JSON of the value that is taken where none is sent."""
        value = self.view.field.default
        if value is None or isinstance(value, bool | int):
            return literal(value)
        if self.view.type is FieldType.DATETIME:
            moment = datetime.fromisoformat(str(value)).astimezone(UTC)
            return literal(moment.isoformat().replace("+00:00", "Z"))
        if self.view.type is FieldType.DECIMAL:
            return literal(f"{Decimal(value).quantize(Decimal(1).scaleb(-self.view.digits[1])):f}")
        return literal(str(value))

    @property
    def word(self) -> str:
        """What finds the first value and not the second, whatever its case."""
        return _FIRST.lower()

    @property
    def refused(self) -> tuple[str, ...]:
        view = self.view
        if view.type in {FieldType.STR, FieldType.TEXT}:
            too_short = ('""',) if view.min_length else ()
            control = r'"\x00"' if view.min_length <= 1 else r'"\x00" * ' + str(view.min_length)
            return (f'"x" * {view.max_length + 1:_}', *too_short, control)
        if view.type is FieldType.INT:
            least, greatest = (int(bound) for bound in view.bounds)
            return (f"{least - 1:_}", f"{greatest + 1:_}", '"1"')
        if view.type is FieldType.DECIMAL:
            unit = Decimal(1).scaleb(-view.digits[1])
            beyond = (view.bounds[0] - unit, view.bounds[1] + unit)
            return (*(literal(f"{number:f}") for number in beyond), "1.5")
        return _REFUSED.get(view.type, ())

    @cached_property
    def capacity(self) -> int:
        """How many rows there can be with values of their own."""
        view = self.view
        if view.type is FieldType.ENUM:
            return len(view.field.values)
        if view.type is FieldType.INT:
            return min(UNLIMITED, int(view.bounds[1] - view.bounds[0]) + 1)
        if view.type is FieldType.DECIMAL:
            return min(UNLIMITED, int((view.bounds[1] - view.bounds[0]).scaleb(view.digits[1])) + 1)
        if view.type is FieldType.STR:
            return int(min(UNLIMITED, 10 ** min(view.max_length, 6)))
        return UNLIMITED

    @property
    def made(self) -> str:
        """What a factory fills in; `number` is another each time."""
        view = self.view
        if view.type in {FieldType.STR, FieldType.TEXT}:
            return self._made_text
        if not view.field.unique and view.type not in {FieldType.EMAIL, FieldType.URL}:
            return self.first_stored
        made = {
            FieldType.DATE: "date(2026, 1, 1) + timedelta(days=number)",
            FieldType.DATETIME: "datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=number)",
            FieldType.UUID: "uuid4()",
            FieldType.ENUM: f"list({view.enum_class if view.type is FieldType.ENUM else ''})[number % {self.capacity}]",
            FieldType.EMAIL: 'f"person{number}@example.org"',
            FieldType.URL: 'f"https://example.org/{number}"',
        }
        return made.get(view.type) or self._made_number

    @property
    def _made_number(self) -> str:
        """Count up; a narrow range starts anew behind its first two values, which are the samples."""
        view = self.view
        scale = view.digits[1] if view.type is FieldType.DECIMAL else 0
        least = int(view.bounds[0].scaleb(scale))
        if self._is_narrow:
            counted = f"{least + 2:_} + number % {self.capacity - 2}"
        else:
            from_zero = least <= 0 and view.bounds[1].scaleb(scale) >= UNLIMITED
            counted = "number" if from_zero else f"{least:_} + number"
        return counted if view.type is FieldType.INT else f"Decimal({counted}).scaleb(-{scale})"

    @property
    def _is_narrow(self) -> bool:
        """Whether counting up from a unique number's least value, or from zero, could leave its range."""
        return self.view.field.unique and self.capacity < UNLIMITED

    @property
    def _made_text(self) -> str:
        least, most = self.view.min_length, self.view.max_length
        word = title(self.view.name)
        if len(word) + 7 <= most:
            text = f'f"{word} {{number}}"'
            return f'{text}.ljust({least}, ".")' if least > len(word) + 2 else text
        if most >= 6:
            return f'f"{{number:0{max(1, least)}}}"' if least > 1 else "str(number)"
        return f'f"{{number % {self.capacity}:0{most}}}"'

    @property
    def _pair(self) -> tuple[str, str]:
        view = self.view
        if view.type in _FIXED:
            return _FIXED[view.type]
        if view.type is FieldType.ENUM:
            values = sorted(view.field.values)
            return literal(values[0]), literal(values[-1])
        if view.type in {FieldType.STR, FieldType.TEXT}:
            return self._fitted(_FIRST), self._fitted(_SECOND)
        return self._number_pair

    @property
    def _number_pair(self) -> tuple[str, str]:
        view = self.view
        unit = Decimal(1).scaleb(-view.digits[1]) if view.type is FieldType.DECIMAL else Decimal(1)
        least, greatest = view.bounds
        first = least if self._is_narrow else min(max(Decimal(1), least), greatest)
        second = first + unit if self._is_narrow else min(first + 1, greatest)
        if first == second:
            first = max(second - unit, least)
        if view.type is FieldType.INT:
            return f"{int(first):_}", f"{int(second):_}"
        return literal(f"{first.quantize(unit):f}"), literal(f"{second.quantize(unit):f}")

    def _stored(self, value: str) -> str:
        view = self.view
        if view.type is FieldType.ENUM:
            by_literal = {literal(word): naming.enum_member(word) for word in view.field.values}
            return f"{view.enum_class}.{by_literal[value]}"
        if view.type is FieldType.DECIMAL:
            return f"Decimal({int(value[1:-1])})" if view.digits[1] == 0 else f"Decimal({value})"
        return _FROM_JSON.get(view.type, "{}").format(value) if view.type is not FieldType.JSON else value

    def _fitted(self, word: str) -> str:
        cut, least = word[: self.view.max_length], self.view.min_length
        return f'{literal(cut)}.ljust({least}, "x")' if least > PRINTED else literal(cut.ljust(least, "x"))
