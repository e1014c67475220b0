"""The result of `optimize`: what was measured, the causes, and what became of them, for people and as data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from fastwright.changes import Change
from fastwright.measure.comparing import told
from fastwright.measure.fixes import by_hand
from fastwright.measure.model import Cause
from fastwright.measure.report import EndpointGrowth, Undriven
from fastwright.measure.sentences import sentence, sentences
from fastwright.render.landing import announced, failed, print_failures, print_sentences
from fastwright.verbs.optimize import OptimizeResult

_SLOWEST = 3
_NOTES = 8
_HINT = "what is left needs a person: each cause is listed with the edit that takes it away"
UNKNOWN = "why is not known: its statements are in --json, and in the report of --html"
PARTS = {
    "database": "database",
    "application": "application code",
    "serialisation": "validation and serialisation",
    "hashing": "password hashing",
    "framework": "framework",
    "waiting": "waiting",
}
ANSWERS = {
    "identical": "same bytes",
    "reordered": "same data, other order",
    "unsteady": "differs by itself",
    "different": "differs",
    "repaired": "was an error",
    "unseen": "not seen",
}


def optimize_as_data(result: OptimizeResult) -> dict[str, Any]:
    """Return the result for `--json`, with an `error` if something grows and was not fixed."""
    data = result.model_dump(mode="json")
    if not result.done:
        message = failed(result.proof) if result.proof.steps else result.refusal or result.explanation.summary
        data["error"] = {"message": message, "hint": _HINT}
    return data


def announcer(*, ask: bool) -> Callable[[tuple[EndpointGrowth, ...], Change], None]:
    """Return what shows what was measured and is planned, and asks whether that is meant."""

    def announce(endpoints: tuple[EndpointGrowth, ...], change: Change) -> None:
        announced(lambda console: _print_planned(console, endpoints, change), ask=ask)

    return announce


def _print_planned(console: Console, endpoints: tuple[EndpointGrowth, ...], change: Change) -> None:
    _print_growing(console, endpoints)
    console.print(Text("Planned", "bold"))
    print_sentences(console, change.explain())


def print_optimize(result: OptimizeResult) -> None:
    """Print what was measured, why, what was done about it, and what is left."""
    console = Console(highlight=False)
    console.print()
    if result.change.operations and not result.done:
        print_failures(console, result.proof, "the evidence says which endpoint would be worse off, or which test")
        return
    _print_verdict(console, result)
    if any(one.grows for one in result.endpoints):
        console.print()
        _print_growing(console, result.endpoints)
    if result.diff:
        console.print(Text(result.diff.rstrip()), soft_wrap=True)
        console.print()
    for title, told_ones in _sections(result):
        console.print(Text(title, "bold"))
        print_sentences(console, told_ones)
    if result.landed:
        console.print(Text("  fastwright undo  # takes it back", "dim"))


def _print_verdict(console: Console, result: OptimizeResult) -> None:
    if result.change.operations:
        mark = Text.assemble(("✓ Proven", "bold green"), f" in {result.proof.seconds:.1f} s: ")
        rest = "" if result.landed else ", nothing written (dry run)"
    else:
        mark = Text("✓ " if result.done else "✗ ", "bold green" if result.done else "bold red")
        rest = "" if result.done else "; nothing was changed"
    console.print(mark + Text(result.explanation.summary + rest), soft_wrap=True)


def _print_growing(console: Console, endpoints: Sequence[EndpointGrowth]) -> None:
    """Print a block for each endpoint that grows: its counts, and below them the causes."""
    growing = [one for one in endpoints if one.grows]
    if not growing:
        return
    sizes = sorted(growing[0].queries)
    console.print(Text(f"Statements with {sizes[0]} and {sizes[-1]} rows", "bold"))
    width = max((len(one.method) + len(one.path) for one in growing), default=0)
    counts = max((len(told(one.queries)) for one in growing), default=0)
    for one in growing:
        line = Text.assemble((f"  {one.method} ", "bold"), one.path.ljust(width - len(one.method)), "  ")
        line.append(told(one.queries).rjust(counts), "yellow")
        if one.after:
            line.append(f"   now {told(one.after)}", "green" if one.growth_after == "constant" else "yellow")
            line.append(f"   {ANSWERS[one.response or 'unseen']}", "dim")
            line.append(_ratio(one), "dim")
        console.print(line, soft_wrap=True)
        for line in sentences(one.causes) or (UNKNOWN,):
            console.print(Text(f"    {line}", "dim"), soft_wrap=True)
    console.print()


def _ratio(one: EndpointGrowth) -> str:
    if not one.fix or not one.seconds or not one.seconds_after:
        return ""
    return f", {one.seconds / one.seconds_after:.1f} times as fast" if one.seconds > one.seconds_after else ""


def _sections(result: OptimizeResult) -> Iterator[tuple[str, Sequence[str]]]:
    if result.left:
        yield "Left to you", [one.told for one in result.left]
    if noted := _notes((*result.endpoints, *result.undriven)):
        yield "Also seen", noted
    if slowest := _slowest(result.endpoints):
        yield "Where the time of the slowest requests goes", slowest
    if result.undriven:
        yield "Not measured", [f"{one.method} {one.path}: {one.reason}" for one in result.undriven]
    if result.unresolved:
        yield "Not as in production", [f"{one.subject}: {one.reason}" for one in result.unresolved]
    if result.databases:
        yield "Measured on SQLite", [f"it stood in for {', '.join(result.databases)}"]
    if result.explanation.risks:
        yield "To watch", result.explanation.risks


def _notes(endpoints: Sequence[EndpointGrowth | Undriven]) -> list[str]:
    """Return each note once, with the number of endpoints that it was seen at, and the edit that helps."""
    found: dict[tuple[str, str], list[EndpointGrowth | Undriven]] = {}
    for one in endpoints:
        for note in notes_of(one):
            found.setdefault((sentence(note), by_hand(note)), []).append(one)
    often = sorted(found.items(), key=lambda item: -len(item[1]))
    lines = [f"{note} ({_where(seen)}): {edit}" for (note, edit), seen in often]
    more = [f"… and {len(lines) - _NOTES} more: see --json or --html"] if len(lines) > _NOTES else []
    return [*lines[:_NOTES], *more]


def _where(seen: Sequence[EndpointGrowth | Undriven]) -> str:
    return f"{seen[0].method} {seen[0].path}" if len(seen) == 1 else f"{len(seen)} endpoints"


def _slowest(endpoints: Sequence[EndpointGrowth]) -> list[str]:
    timed = sorted((one for one in endpoints if one.seconds and one.spent), key=lambda one: -(one.seconds or 0))
    return [f"{one.method} {one.path} {(one.seconds or 0) * 1000:.0f} ms: {spent(one)}" for one in timed[:_SLOWEST]]


def spent(one: EndpointGrowth) -> str:
    """Return where the time of a request goes, the largest part first, and the line of the app that costs most."""
    whole = sum(one.spent.values()) or 1.0
    parts = sorted(one.spent.items(), key=lambda item: -item[1])
    shares = [f"{PARTS.get(part, part)} {seconds / whole:.0%}" for part, seconds in parts if seconds / whole >= 0.05]
    hottest = f"; most of it from {one.lines[0].file}:{one.lines[0].line}" if one.lines else ""
    return ", ".join(shares) + hottest


def notes_of(one: EndpointGrowth | Undriven) -> tuple[Cause, ...]:
    """Return the notes of an endpoint, each sentence once."""
    return tuple({sentence(note): note for note in one.notes}.values())
