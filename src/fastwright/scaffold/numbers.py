"""Patterns that match exactly the decimal numbers of a range, so that the OpenAPI document says what is accepted.

JSON Schema has no bounds for strings, and money is a string in JSON: the bounds have to be in the pattern.
"""

from __future__ import annotations

from decimal import Decimal


def decimal_pattern(minimum: Decimal, maximum: Decimal, scale: int) -> str:
    """Return the pattern of the numbers from `minimum` to `maximum` with at most `scale` digits after the point."""
    lower, upper = int(minimum.scaleb(scale)), int(maximum.scaleb(scale))
    if lower >= 0:
        return f"^{_magnitude(lower, upper, scale)}$"
    if lower == -upper:
        return f"^-?{_magnitude(0, upper, scale)}$"
    negative = f"-{_magnitude(max(0, -upper), -lower, scale)}"
    if upper < 0:
        return f"^{negative}$"
    return f"^({negative}|{_magnitude(0, upper, scale)})$"


def decimal_range(precision: int, scale: int) -> tuple[Decimal, Decimal]:
    """Return the least and greatest number that the digits can hold."""
    greatest = Decimal(10**precision - 1).scaleb(-scale)
    return -greatest, greatest


def _magnitude(lower: int, upper: int, scale: int) -> str:
    """Match the numbers between two bounds, which are not negative and are counted in units of the last digit."""
    unit = 10**scale
    first, last = lower // unit, upper // unit
    below, above = lower % unit, upper % unit
    if first == last:
        return _group([_with_fraction(str(first), below, above, scale)])
    choices: list[str] = []
    if below:
        choices.append(_with_fraction(str(first), below, unit - 1, scale))
        first += 1
    ends_open = above == unit - 1
    if first <= last - (not ends_open):
        interior = _group(_whole(first, last - (not ends_open)))
        choices.append(_with_fraction(interior, 0, unit - 1, scale))
    if not ends_open:
        choices.append(_with_fraction(str(last), 0, above, scale))
    return _group(choices)


def _with_fraction(whole: str, lower: int, upper: int, scale: int) -> str:
    if not scale:
        return whole
    if lower == 0 and upper == 10**scale - 1:
        return rf"{whole}(\.{_digits(scale, least=1)})?"
    choices: list[str] = []
    for length in range(1, scale + 1):
        step = 10 ** (scale - length)
        start, end = -(-lower // step), upper // step
        if start <= end:
            choices.extend(_padded(str(start).zfill(length), str(end).zfill(length)))
    if not choices:
        return whole
    fraction = rf"\.{_group(choices)}"
    return f"{whole}({fraction})?" if lower == 0 else f"{whole}{fraction}"


def _whole(lower: int, upper: int) -> list[str]:
    """Match whole numbers without leading zeros."""
    choices: list[str] = []
    complete: list[int] = []
    for length in range(len(str(lower)), len(str(upper)) + 1):
        least, greatest = (10 ** (length - 1) if length > 1 else 0), 10**length - 1
        if length > 1 and lower <= least and upper >= greatest:
            complete.append(length)
        elif length == 1 and lower == 0 and upper >= 9:
            choices.append("0")
            complete.append(1)
        else:
            choices.extend(_padded(str(max(lower, least)), str(min(upper, greatest))))
    if complete:
        choices.append(f"[1-9]{_digits(complete[-1] - 1, least=complete[0] - 1)}")
    return choices


def _padded(lower: str, upper: str) -> list[str]:
    """Match the numbers between two of the same length, leading zeros included."""
    if lower == upper:
        return [lower]
    rest = len(lower) - 1
    if lower[0] == upper[0]:
        return [lower[0] + tail for tail in _padded(lower[1:], upper[1:])]
    choices: list[str] = []
    start, end = int(lower[0]), int(upper[0])
    if lower[1:] != "0" * rest:
        choices.extend(lower[0] + tail for tail in _padded(lower[1:], "9" * rest))
        start += 1
    ends_open = upper[1:] == "9" * rest
    stop = end if ends_open else end - 1
    if start <= stop:
        first = str(start) if start == stop else f"[{start}-{stop}]"
        choices.append(first + _digits(rest, least=rest))
    if not ends_open:
        choices.extend(upper[0] + tail for tail in _padded("0" * rest, upper[1:]))
    return choices


def _digits(most: int, *, least: int) -> str:
    if most == 0:
        return ""
    if least == most:
        return "[0-9]" if most == 1 else f"[0-9]{{{most}}}"
    return f"[0-9]{{{least},{most}}}"


def _group(choices: list[str]) -> str:
    return choices[0] if len(choices) == 1 else f"({'|'.join(choices)})"
