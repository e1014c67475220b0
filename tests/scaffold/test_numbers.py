"""The patterns of decimal numbers match exactly what is in range."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastwright.scaffold.numbers import decimal_pattern, decimal_range


@pytest.mark.parametrize(
    ("minimum", "maximum", "scale", "pattern"),
    [
        ("0", "99999999.99", 2, r"^(0|[1-9][0-9]{0,7})(\.[0-9]{1,2})?$"),
        ("-99999999.99", "99999999.99", 2, r"^-?(0|[1-9][0-9]{0,7})(\.[0-9]{1,2})?$"),
        ("0", "1", 0, "^[0-1]$"),
        ("0.01", "5", 2, r"^(0\.([1-9]|0[1-9]|[1-9][0-9])|[1-4](\.[0-9]{1,2})?|5(\.(0|00))?)$"),
    ],
)
def test_the_pattern_is_short(minimum: str, maximum: str, scale: int, pattern: str) -> None:
    assert decimal_pattern(Decimal(minimum), Decimal(maximum), scale) == pattern


@given(st.data())
def test_a_number_matches_if_and_only_if_it_is_in_range(data: st.DataObject) -> None:
    scale = data.draw(st.integers(0, 3))
    lower, upper = sorted(data.draw(st.lists(st.integers(-5_000, 5_000), min_size=2, max_size=2)))
    pattern = decimal_pattern(Decimal(lower).scaleb(-scale), Decimal(upper).scaleb(-scale), scale)
    number = data.draw(
        st.one_of(st.integers(lower - 3, lower + 3), st.integers(upper - 3, upper + 3), st.integers(-6_000, 6_000))
    )
    text = f"{Decimal(number).scaleb(-scale):f}"
    if number == 0 and text.startswith("-"):
        return
    assert bool(re.fullmatch(pattern, text)) == (lower <= number <= upper), (pattern, text)


def test_the_range_is_that_of_the_digits() -> None:
    assert decimal_range(4, 2) == (Decimal("-99.99"), Decimal("99.99"))
