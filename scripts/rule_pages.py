"""Write the pages of the rules, `docs/rules/*.md`, from their docstrings; `--check` tells those that differ."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from fastwright.rules import Known, load, names

PAGES = Path(__file__).parent.parent / "docs" / "rules"
TITLES = {
    "contract": "The contract: what goes in and out",
    "access": "Access: who may do what",
    "data": "Data: queries, sessions and columns",
    "errors": "Errors and the life of the app",
}


def pages() -> dict[str, str]:
    """Return the text of every page by its file name."""
    known = [load(name) for name in names()]
    return {"index.md": _index(known)} | {f"{one.name}.md": _page(one) for one in known}


def _page(known: Known) -> str:
    rule = known.rule
    facts = [f"category: {rule.category}", f"severity: {rule.severity}", *(["has a fix"] if known.fix else [])]
    standards = f"\n\nStandards: {', '.join(rule.standards)}" if rule.standards else ""
    sections = "\n\n".join(f"## {heading}\n\n{text}" for heading, text in known.page.sections.items())
    allow = f"\n\nAllow one finding: `# fastwright: allow {known.name} — the reason`\n"
    return f"# {known.name}\n\n{known.page.title}\n\n{' · '.join(facts)}{standards}\n\n{sections}{allow}"


def _index(known: list[Known]) -> str:
    return "# The rules of `fastwright check`\n\n" + "\n".join(_lines(known))


def _lines(known: list[Known]) -> Iterator[str]:
    order = list(TITLES)
    ranked = sorted(known, key=lambda one: (order.index(one.rule.category), one.name))
    for category, group in groupby(ranked, key=lambda one: one.rule.category):
        yield f"## {TITLES[category]}\n\n| rule | severity | finds |\n| --- | --- | --- |"
        yield from (f"| [{one.name}]({one.name}.md) | {one.rule.severity} | {one.page.title} |" for one in group)
        yield ""


def main(arguments: list[str]) -> int:
    """Write the pages, or tell those that differ."""
    wanted = pages()
    present = {file.name for file in PAGES.glob("*.md")} if PAGES.is_dir() else set[str]()
    if "--check" in arguments:
        wrong = [name for name, text in wanted.items() if name not in present or _read(name) != text]
        for name in sorted({*wrong, *(present - set(wanted))}):
            print(f"docs/rules/{name} is not as in the rule: run python scripts/rule_pages.py")
        return int(bool(wrong or present - set(wanted)))
    PAGES.mkdir(parents=True, exist_ok=True)
    for name in present - set(wanted):
        (PAGES / name).unlink()
    for name, text in wanted.items():
        (PAGES / name).write_text(text, encoding="utf-8")
    return 0


def _read(name: str) -> str:
    return (PAGES / name).read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
