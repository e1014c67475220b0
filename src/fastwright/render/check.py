"""The audit for people: each finding with its source, why it hurts, and how it is known."""

from __future__ import annotations

import json
import shutil
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import click

from fastwright.rules._engine.finding import Finding
from fastwright.verbs.check import CheckResult

_COLOURS = {"high": "red", "medium": "yellow", "low": "cyan"}
_AROUND = 1


def result_as_json(result: CheckResult) -> str:
    """Return the result as the JSON object that `--json` prints."""
    data = result.model_dump(mode="json", exclude={"root"})
    data["counts"] = dict(Counter(one.severity for one in result.findings))
    return json.dumps(data)


def print_rules(rules: Sequence[tuple[str, str, str, str]]) -> None:
    """Print the rules by category."""
    width = max((len(name) for name, *_rest in rules), default=0)
    for category, group in groupby(sorted(rules, key=lambda one: one[1]), key=lambda one: one[1]):
        click.echo(click.style(category, bold=True))
        for name, _category, severity, title in group:
            click.echo(f"  {name:<{width}}  {click.style(f'{severity:<6}', fg=_COLOURS[severity])}  {title}")


def print_check(result: CheckResult) -> None:
    """Print the findings file by file, then what they come to, and what was not looked at."""
    width = min(max(shutil.get_terminal_size().columns, 40), 100)
    explained: set[str] = set()
    for file, findings in groupby(result.findings, key=lambda one: one.file):
        lines = _lines(result.root / file)
        for finding in findings:
            _print_finding(finding, lines, width)
            if finding.rule not in explained:
                _print_reasons(finding, width)
                explained.add(finding.rule)
            click.echo()
    for line in _remarks(result):
        click.echo(textwrap.fill(line, width, subsequent_indent="  "))
    click.echo(_verdict(result))
    click.echo(click.style(textwrap.fill(_looked_at(result), width), dim=True))


def _print_finding(finding: Finding, lines: Sequence[str], width: int) -> None:
    mark = click.style(finding.severity, fg=_COLOURS[finding.severity], bold=True)
    place = click.style(f"{finding.file}:{finding.line}", bold=True)
    click.echo(f"{place}  {mark}  {finding.rule}")
    said = f"{finding.endpoint}: {finding.message}." if finding.endpoint else _sentence(finding.message)
    click.echo(textwrap.fill(said, width, initial_indent="  ", subsequent_indent="  "))
    for number in range(finding.line - _AROUND, finding.line + _AROUND + 1):
        if 1 <= number <= len(lines) and (lines[number - 1].strip() or number == finding.line):
            pointer = "›" if number == finding.line else " "
            text = lines[number - 1].expandtabs(4)
            shown = text if len(text) <= width - 10 else f"{text[: width - 11]}…"
            click.echo(click.style(f"  {pointer} {number:>4} ", dim=True) + shown)
    if finding.certainty == "shown by a run":
        click.echo(click.style("  shown by a run", dim=True))


def _print_reasons(finding: Finding, width: int) -> None:
    """Print why it hurts, which is the same for all findings of a rule."""
    why = textwrap.fill(finding.why, width, initial_indent="  ", subsequent_indent="  ")
    click.echo(click.style(why, dim=True))
    marks = [*(["fastwright check --fix mends it"] if finding.fixable else []), *finding.standards]
    if marks:
        click.echo(click.style(f"  {' · '.join(marks)}", dim=True))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _lines(file: Path) -> Sequence[str]:
    try:
        return file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()


def _remarks(result: CheckResult) -> Iterator[str]:
    yield from (f"note: {note}" for note in result.notes)
    for one in result.unread:
        yield f"{one.file}:{one.line} was not checked: {one.reason}"
    for one in result.unused:
        yield f"{one.file}:{one.line} `allow {', '.join(one.rules)}` {one.complaint}"


def _verdict(result: CheckResult) -> str:
    if result.clean:
        return click.style("✓ Nothing found", fg="green", bold=True)
    counts = Counter(one.severity for one in result.findings)
    listed = ", ".join(f"{counts[severity]} {severity}" for severity in _COLOURS if counts[severity])
    many = "finding" if len(result.findings) == 1 else "findings"
    return click.style(f"{len(result.findings)} {many}: {listed}", bold=True)


def _looked_at(result: CheckResult) -> str:
    """Return what the verdict is about, in a line of its own."""
    parts = [
        f"{result.endpoints} endpoints in {result.files} files by {len(result.rules)} rules, {result.seconds:.1f} s",
        *([f"{result.allowed} allowed by comments"] if result.allowed else []),
        *([f"{result.in_baseline} in the baseline"] if result.in_baseline else []),
    ]
    return "; ".join(parts)
