"""Results as text, as Markdown, and as bars: ratios only, since nobody else has this machine."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape

GENERATED, TEMPLATE, REFERENCE = "generated, everything on", "full-stack template's way", "bare FastAPI + asyncpg"
COLUMNS = ("CPU", "req/s", "p50", "p99", "memory", "statements", "round trips")
COLOURS = {GENERATED: "#0b6e4f", TEMPLATE: "#8c8c8c"}


@dataclass
class Measured:
    """What was seen of one contender in one scenario, round by round; `cpu` in microseconds a request."""

    cpu: list[float] = field(default_factory=list[float])
    per_second: list[float] = field(default_factory=list[float])
    p50: list[float] = field(default_factory=list[float])
    p99: list[float] = field(default_factory=list[float])
    megabytes: float = 0.0
    statements: float | None = None
    round_trips: float | None = None


@dataclass(frozen=True)
class Table:
    """One scenario under one circumstance, such as `PostgreSQL, 1 process`."""

    scenario: str
    circumstance: str
    found: Mapping[str, Measured]

    def rows(self) -> list[tuple[str, ...]]:
        """Return a row for each contender, as multiples of the template."""
        base = self.found[TEMPLATE]
        return [(name, *self._cells(each, base)) for name, each in self.found.items()]

    @staticmethod
    def _cells(each: Measured, base: Measured) -> Iterable[str]:
        yield f"{least(each.cpu) / least(base.cpu):.2f}"
        for values, others in ((each.per_second, base.per_second), (each.p50, base.p50), (each.p99, base.p99)):
            yield f"{statistics.median(values) / statistics.median(others):.2f}"
        yield f"{each.megabytes / base.megabytes:.2f}"
        for count in (each.statements, each.round_trips):
            yield "" if count is None else f"{count:.1f}"

    def ratios(self) -> tuple[float, float]:
        """Return the share of FastAPI with SQL by hand (0 where it takes no part), and the multiple of the template."""
        ours = least(self.found[GENERATED].cpu)
        share = least(self.found[REFERENCE].cpu) / ours if REFERENCE in self.found else 0.0
        return share, least(self.found[TEMPLATE].cpu) / ours

    def targets(self) -> str:
        """Say how the generated backend stands to both."""
        share, times = self.ratios()
        return f"{self.scenario}: {times:.1f} × the template" + (f", {share:.0%} of {REFERENCE}" if share else "")


def least(values: list[float]) -> float:
    """Return the median of the better half: what disturbs a round only ever adds to it."""
    ordered = sorted(values)
    return statistics.median(ordered[: max(1, (len(ordered) + 1) // 2)])


def as_text(table: Table) -> str:
    """Return the table for a terminal."""
    rows = [("", *COLUMNS), *table.rows()]
    width = max(len(row[0]) for row in rows)
    lines = [row[0].ljust(width) + "".join(cell.rjust(12) for cell in row[1:]) for row in rows]
    return "\n".join([f"{table.scenario}; {table.circumstance}", *(f"  {line}" for line in lines)])


def as_markdown(tables: Iterable[Table], notes: Iterable[str]) -> str:
    """Return the page of the last results."""
    lines = ["# The generated backend beside what people would use instead", "", *notes]
    circumstance = ""
    for table in tables:
        if table.circumstance != circumstance:
            circumstance = table.circumstance
            lines += ["", f"## {circumstance}"]
        head = ("", *COLUMNS)
        lines += ["", f"**{table.scenario}**: {table.targets().partition(': ')[2]}", "", _line(head)]
        lines += [_line(("---", *("---:" for _ in COLUMNS))), *(_line(row) for row in table.rows())]
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def as_bars(tables: list[Table]) -> str:
    """Return an SVG: how many requests the same processor time is enough for, the template being 1."""
    height, y, parts = 24, 44, list[str]()
    most = max(least(each.found[TEMPLATE].cpu) / least(one.cpu) for each in tables for one in each.found.values())
    for table in tables:
        parts.append(_text(0, y, f"{table.scenario}; {table.circumstance}", "bold"))
        for name, each in table.found.items():
            y += height
            ratio = least(table.found[TEMPLATE].cpu) / least(each.cpu)
            bar, colour = round(max(2.0, ratio / most * 420)), COLOURS.get(name, "#9db8d2")
            parts.append(f'<rect x="210" y="{y - 13}" width="{bar}" height="16" fill="{colour}"/>')
            parts += [_text(0, y, name), _text(216 + bar, y, f"{ratio:.1f}")]
        y += 40
    title = "Requests that the same processor time is enough for (the full-stack template's way = 1)"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 690 {y}" font-family="sans-serif" font-size="13">'
    ground = f'<rect width="690" height="{y}" fill="white"/>'
    return "\n".join([head, ground, _text(0, 16, title), *parts, "</svg>\n"])


def _text(x: int, y: int, words: str, weight: str = "normal") -> str:
    return f'<text x="{x}" y="{y}" font-weight="{weight}">{escape(words)}</text>'
