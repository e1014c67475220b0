"""A diagnosis for people: the request beside what is expected, why, and the request that is accepted."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from fastwright.diagnose.model import Diagnosis, Example, Problem, Refusals
from fastwright.render.explain_fix import print_change
from fastwright.render.requests import Line, broken, in_order, lines_of
from fastwright.verbs.explain import Explained

_WIDEST = 100
_GAP = 2
_CONTEXT = 2
_TITLES = {
    "request": "The request is at fault",
    "server": "The server is at fault",
    "both": "The request and the server are at fault",
    "accepted": "The request is accepted",
}
_STYLES = {"request": "bold yellow", "server": "bold red", "both": "bold red", "accepted": "bold green"}


def print_explain(found: Explained, *, fix: bool = False) -> None:
    """Print the diagnosis, and what was done or could be about the app: at 80 columns and without colour, too."""
    console = Console(highlight=False)
    width = min(console.width, _WIDEST)
    _print_title(console, found)
    if found.problems and found.request is not None:
        _print_table(console, found, width)
    problems = in_order(found.request, found.problems) if found.request else found.problems
    for number, problem in enumerate(problems, 1):
        _print_problem(console, number, problem, width)
    if found.examples:
        _print_accepts(console, found, width)
    for note in found.notes:
        _print_wrapped(console, f"Note: {note}", width, style="dim")
    if found.notes and (found.corrected is not None or found.problems):
        console.print()
    _print_end(console, found, width)
    print_change(console, found, fix=fix)


def print_refusals(found: Refusals) -> None:
    """Print the refused requests of a log, the most frequent cause first."""
    console = Console(highlight=False)
    width = min(console.width, _WIDEST)
    console.print()
    console.print(Text(f"{found.requests} refused requests", "bold"))
    console.print()
    digits = max((len(str(group.count)) for group in found.groups), default=1)
    for group in found.groups:
        statuses = ", ".join(map(str, group.statuses))
        head = Text.assemble((f"{group.count:>{digits}} × ", "bold"), (group.endpoint, "bold"), f"  {group.loc}")
        console.print(head + Text(f"  {group.cause} ({statuses})", "cyan"), soft_wrap=True)
        indent = " " * (digits + 3)
        _print_wrapped(console, group.why, width, first=indent, then=indent)
        if group.fix:
            _print_wrapped(console, f"→ {group.fix}", width, style="bold", first=indent, then=f"{indent}  ")
    for note in found.notes:
        _print_wrapped(console, f"Note: {note}", width, style="dim")


def _print_title(console: Console, found: Diagnosis) -> None:
    console.print()
    if found.endpoint:
        place = f"  {found.endpoint.name} ({found.endpoint.file}:{found.endpoint.line})" if found.endpoint.file else ""
        console.print(
            Text.assemble((f"{found.endpoint.method} {found.endpoint.path}", "bold"), (place, "dim")), soft_wrap=True
        )
    title = "What it accepts" if found.examples and not found.problems else _TITLES[found.verdict]
    if found.verdict == "accepted" and not found.verified and not found.examples:
        title = "Nothing wrong is seen, but it was not accepted here"
    answered = str(found.corrected_status if found.verdict == "accepted" else found.status)
    if found.verdict == "server" and (found.corrected_status or 0) >= 500 and found.corrected_status != found.status:
        answered += f", and {found.corrected_status} once there are rows"
    status = f" ({answered})" if not found.examples else ""
    console.print(Text(f"{title}{status}", _STYLES[found.verdict if found.verified or found.problems else "request"]))
    console.print()


def _print_table(console: Console, found: Diagnosis, width: int) -> None:
    """Print the request, and beside each line that is marked what is expected there."""
    if found.request is None:
        return
    left = (width - _GAP) // 2 - 2
    right = width - left - _GAP - 2
    console.print(Text(f"  {'sent':<{left}}{' ' * _GAP}expected", "dim"))
    for line in _shortened(lines_of(found.request, found.problems)):
        told = [row for one in line.problems for row in textwrap.wrap(one.expected, right) or [""]]
        text = line.text if len(line.text) <= left else f"{line.text[: left - 1]}…"
        mark, style = ("✗ ", "bold") if line.problems else ("  ", "")
        first = Text.assemble(
            (mark, "bold red"), (f"{text:<{left}}", style), " " * _GAP, (told[0] if told else "", "green")
        )
        first.rstrip()
        console.print(first, soft_wrap=True)
        for row in told[1:]:
            console.print(Text(f"{' ' * (left + _GAP + 2)}{row}", "green"), soft_wrap=True)
    console.print()


def _shortened(lines: list[Line]) -> list[Line]:
    """Return the lines that are marked, with some around them."""
    marked = [number for number, line in enumerate(lines) if line.problems]
    kept = {0, *(n for at in marked for n in range(at - _CONTEXT, at + _CONTEXT + 1))}
    found: list[Line] = []
    for number, line in enumerate(lines):
        if number in kept or len(lines) <= 24:
            found.append(line)
        elif found and found[-1].text.strip() != "…":
            found.append(Line("  …"))
    return found


def _print_problem(console: Console, number: int, problem: Problem, width: int) -> None:
    place = ".".join(str(key) for key in problem.loc) or "request"
    console.print(
        Text.assemble((f"{number}  ", "bold"), (place, "bold"), (f"  {problem.cause}", "cyan"), (_side(problem), "red"))
    )
    _print_wrapped(console, problem.why, width, first="   ", then="   ")
    _print_wrapped(console, f"→ {problem.fix}", width, style="bold", first="   ", then="     ")
    console.print()


def _side(problem: Problem) -> str:
    return "  (server)" if problem.side == "server" else ""


def _print_accepts(console: Console, found: Diagnosis, width: int) -> None:
    name_width = max((len(_name(one.part, one.name)) for one in found.accepts), default=0)
    for one in found.accepts:
        need = "" if one.required else "  (may be left out)"
        line = f"  {_name(one.part, one.name):<{name_width}}  {one.type}{need}"
        _print_wrapped(console, line, width, then=" " * (name_width + 4))
    console.print()
    for example in _differing(found.examples):
        verdict = f"{'accepted' if example.verified else 'not accepted here'} ({example.status})"
        verdict = verdict if example.status else "not tried here"
        console.print(Text(f"{example.name}: {verdict}", "bold green" if example.verified else "bold red"))
        console.print(Text(broken(example.request.curl, width)), soft_wrap=True)
        console.print()


def _differing(examples: Iterable[Example]) -> list[Example]:
    return list({one.request.curl: one for one in reversed(list(examples))}.values())[::-1]


def _name(part: str, name: str) -> str:
    return f"{part}.{name}" if name else part


def _print_end(console: Console, found: Diagnosis, width: int) -> None:
    """Print what is accepted, or that nothing was found that is."""
    if found.corrected is not None and not found.examples:
        console.print(Text(f"Accepted ({found.corrected_status}), as it was sent again:", "bold green"))
        console.print(Text(broken(found.corrected.curl, width)), soft_wrap=True)
    elif found.problems and not found.verified and found.verdict != "server":
        console.print(Text(f"No request was found that is accepted ({found.corrected_status}).", "bold red"))
    elif found.problems and found.verdict == "server":
        console.print(Text("No client can do something about it: the server has to change."))


def _print_wrapped(
    console: Console, text: str, width: int, *, style: str = "", first: str = "", then: str = ""
) -> None:
    """Print a text in lines; `first` and `then` are what the first line and the others begin with."""
    for row in textwrap.wrap(text, width, initial_indent=first, subsequent_indent=then, break_on_hyphens=False):
        console.print(Text(row, style), soft_wrap=True)
