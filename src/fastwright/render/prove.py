"""The result of `prove` for people: on a terminal, and as Markdown for a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from fastwright.proof.access import Access, Callers
from fastwright.proof.contract import Change, Changed
from fastwright.render.prove_queries import names_of, print_queries, rows_of
from fastwright.verbs.prove import ProveResult

_MARKS = {"passed": "✅", "failed": "❌", "skipped": "⚪"}
_VERDICT_MARKS = {"proven": "✅", "incomplete": "⚠️", "broken": "❌"}
_COLOURS = {"proven": "green", "incomplete": "yellow", "broken": "red"}
_SHOWN_ROWS = 200


def print_prove(result: ProveResult) -> None:
    """Print what matters most first: endpoints that became public, what is broken, what else differs, the verdict."""
    console = Console(highlight=False)
    console.print()
    console.print(Text(_compared(result), "dim"), soft_wrap=True)
    for row in result.became_public:
        _print_public(console, row)
    _print_access(console, [row for row in result.access if row.severity != "same"])
    _print_changes(console, "Breaking", list(result.contract.changes("breaking")), "red")
    _print_changes(console, "Other changes", list(result.contract.changes("warning", "note")), "dim")
    _print_added(console, result)
    print_queries(console, result.queries)
    _print_evidence(console, result)
    _print_open(console, result)
    console.print()
    console.print(Text(headline(result), f"bold {_COLOURS[result.verdict]}"), soft_wrap=True)


def headline(result: ProveResult) -> str:
    """Return the verdict in one sentence."""
    public = [row.shown for row in result.became_public if not row.announced]
    if public:
        more = f" and {len(public) - 1} more" if len(public) > 1 else ""
        return f"{public[0]}{more} became public"
    if result.verdict == "broken":
        names = ", ".join(step.title.lower() for step in result.proof.failures)
        return f"Something worked before and does not now: {names}"
    if result.verdict == "incomplete":
        names = ", ".join(step.title.lower() for step in result.proof.steps if step.status == "skipped")
        return f"Nothing broken was seen, but not everything was checked: {names}"
    return "Proven: what worked before still works, and nobody can do more"


def who(callers: Callers | None) -> str:
    """Return who may call, in a few words."""
    if callers is None:
        return "–"
    doubt = "" if callers.proven else " (?)"
    if callers.who == "anybody":
        return f"anybody{doubt}"
    if callers.who == "roles":
        return f"{' or '.join(callers.roles)}{doubt}"
    return f"authenticated{f' ({callers.guards[-1]})' if callers.guards else ''}{doubt}"


def _compared(result: ProveResult) -> str:
    files = len(result.base.files)
    differ = f"{files} file{'' if files == 1 else 's'} differ{'s' if files == 1 else ''}"
    return f"Compared with {result.base.commit[:10]} ({result.base.reason}); {differ}"


def _print_public(console: Console, row: Access) -> None:
    mark = Text(" announced ", "black on yellow") if row.announced else Text(" PUBLIC ", "bold white on red")
    console.print()
    console.print(mark + Text(f" {row.shown}", "bold") + Text(f"  {_place(row.file, row.line)}", "dim"), soft_wrap=True)
    console.print(Text(f"  {row.message}"), soft_wrap=True)


def _print_access(console: Console, rows: Sequence[Access]) -> None:
    if not rows:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("endpoint", "before", "after", "where"):
        table.add_column(name, overflow="fold")
    for row in rows:
        colour = "red" if row.harmful else "yellow" if row.severity == "warning" else ""
        where = Text(_place(row.file, row.line), "dim")
        table.add_row(row.shown, Text(who(row.before)), Text(who(row.after), colour), where)
    _print_title(console, "Who may call what", "bold")
    console.print(table)
    for row in rows:
        if row.severity in ("weaker", "warning"):
            line = Text.assemble((f"  {row.shown}", "bold"), f": {row.rule}: {row.message}")
            console.print(line + Text(" announced" if row.announced else "", "yellow"), soft_wrap=True)


def _print_changes(console: Console, title: str, changes: Sequence[tuple[Changed, Change]], style: str) -> None:
    if not changes:
        return
    _print_title(console, f"{title} ({len(changes)})", f"bold {style}")
    for operation, change in changes:
        announced = Text(" announced", "yellow") if change.announced else Text("")
        head = Text.assemble((f"  {operation.shown}  ", "bold"), (change.rule, style)) + announced
        console.print(head + Text(f"  {_place(operation.file, operation.line)}", "dim"), soft_wrap=True)
        console.print(Text(f"    {_told(change)}"), soft_wrap=True)


def _print_added(console: Console, result: ProveResult) -> None:
    if result.contract.added:
        _print_title(console, f"Added ({len(result.contract.added)})", "bold green")
        for operation in result.contract.added:
            place = Text(f"  {_place(operation.file, operation.line)}", "dim")
            console.print(Text(f"  {operation.shown}") + place, soft_wrap=True)


def _print_evidence(console: Console, result: ProveResult) -> None:
    for step in result.proof.failures:
        if step.name in ("access", "contract"):
            continue  # shown above, in full
        _print_title(console, step.title, "bold red")
        for line in step.evidence.splitlines():
            console.print(Text(f"  {line}"), soft_wrap=True)


def _print_open(console: Console, result: ProveResult) -> None:
    lines = [f"{step.title.lower()}: {step.headline}" for step in result.proof.steps if step.status == "skipped"]
    lines += [f"{name}: {reason}" for name, reason in result.absent.items()]
    if not lines:
        return
    _print_title(console, "Not checked", "bold dim")
    for line in lines:
        console.print(Text(f"  {line}", "dim"), soft_wrap=True)


def _print_title(console: Console, title: str, style: str) -> None:
    console.print()
    console.print(Text(title, style))


def _place(file: str | None, line: int | None) -> str:
    return f"{file}:{line}" if file and line else file or ""


def _told(change: Change) -> str:
    return f"{change.where}: {change.message}" if change.where else change.message


def as_markdown(result: ProveResult) -> str:
    """Return a summary for a pull request: the verdict and the table of steps, and what is long folded away."""
    parts = [
        f"## {_VERDICT_MARKS[result.verdict]} {_escaped(headline(result))}",
        *_alerts(result.became_public),
        f"{_escaped(_compared(result))}.",
        _steps(result),
        _access_section([row for row in result.access if row.severity != "same"]),
        _changes_section("Breaking changes", list(result.contract.changes("breaking")), is_open=True),
        _changes_section("Other changes", list(result.contract.changes("warning", "note")), is_open=False),
        _added_section(result),
        _queries_section(result),
        *_evidence_sections(result),
    ]
    return "\n\n".join(part for part in parts if part)


def _alerts(rows: Iterable[Access]) -> list[str]:
    return [
        f"> [!CAUTION]\n> **{_code(row.shown)} became public** ({_code(_place(row.file, row.line))}).\n"
        f"> {_escaped(row.message)}{' (announced)' if row.announced else ''}"
        for row in rows
    ]


def _steps(result: ProveResult) -> str:
    rows = [(_MARKS[step.status], step.title, _escaped(step.headline)) for step in result.proof.steps]
    rows += [("➖", name.capitalize(), _escaped(reason)) for name, reason in result.absent.items()]
    return _table(("", "check", "result"), rows)


def _access_section(rows: Sequence[Access]) -> str:
    if not rows:
        return ""
    shown = [
        (
            _flag(row),
            _code(row.shown),
            _escaped(who(row.before)),
            _escaped(who(row.after)),
            _rule(row),
            _place_code(row),
        )
        for row in rows
    ]
    return "### Who may call what\n\n" + _table(("", "endpoint", "before", "after", "rule", "where"), shown)


def _rule(row: Access) -> str:
    return f"{_code(row.rule)}{' *(announced)*' if row.announced else ''}"


def _flag(row: Access) -> str:
    return "🔴" if row.harmful else "🟡" if row.severity in ("public", "weaker", "warning") else ""


def _changes_section(title: str, changes: Sequence[tuple[Changed, Change]], *, is_open: bool) -> str:
    rows = [
        (_code(operation.shown), _code(change.rule), _change_cell(change), _place_code(operation))
        for operation, change in changes
    ]
    return (
        _folded(f"{title} ({len(rows)})", _table(("endpoint", "rule", "what", "where"), rows), is_open) if rows else ""
    )


def _change_cell(change: Change) -> str:
    where = f"{_code(change.where)}: " if change.where else ""
    return f"{where}{_escaped(change.message)}{' *(announced)*' if change.announced else ''}"


def _added_section(result: ProveResult) -> str:
    rows = [(_code(operation.shown), _place_code(operation)) for operation in result.contract.added]
    return _folded(f"Added endpoints ({len(rows)})", _table(("endpoint", "where"), rows), False) if rows else ""


def _queries_section(result: ProveResult) -> str:
    rows = [(_code(shown), before, after, said) for _one, (shown, before, after, said) in rows_of(result.queries)]
    if not rows:
        return ""
    is_open = any(one.grows_now for one in result.queries.endpoints)
    return _folded(f"Statements per request ({len(rows)} differ)", _table(names_of(result.queries), rows), is_open)


def _evidence_sections(result: ProveResult) -> list[str]:
    return [
        _folded(step.title, _fenced(step.evidence), True)
        for step in result.proof.failures
        if step.name not in ("access", "contract")
    ]


def _place_code(one: Access | Changed | object) -> str:
    place = _place(getattr(one, "file", None), getattr(one, "line", None))
    return _code(place) if place else ""


def _folded(title: str, content: str, is_open: bool) -> str:
    return f"<details{' open' if is_open else ''}>\n<summary>{title}</summary>\n\n{content}\n\n</details>"


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(names)} |", f"| {' | '.join('---' for _name in names)} |"]
    lines += [f"| {' | '.join(row)} |" for row in rows[:_SHOWN_ROWS]]
    if len(rows) > _SHOWN_ROWS:
        lines.append(f"\n… and {len(rows) - _SHOWN_ROWS} more: `fastwright prove --json` has all of them.")
    return "\n".join(lines)


def _code(text: str) -> str:
    return f"`{text.replace('`', chr(39)).replace('|', chr(92) + '|')}`" if text else ""


def _escaped(text: str) -> str:
    """Return a text that Markdown shows as it is, also in a cell of a table, and that mentions nobody."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;")
    return re.sub(r"([\\`*_{}\[\]|#~])", r"\\\1", safe.replace("&#64;", "\0")).replace("\0", "&#64;").replace("\n", " ")


def _fenced(text: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}text\n{text}\n{fence}"
