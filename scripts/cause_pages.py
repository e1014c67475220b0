"""Write docs/causes: a page for every cause that `explain` knows, made from the docstring of its module.

scripts/cause_pages.py [DIRECTORY]
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from fastwright.diagnose.causes import pages

DOCS = Path(__file__).resolve().parent.parent / "docs" / "causes"


def rendered() -> Mapping[str, str]:
    """Return the text of every page by the name of its file, the index included."""
    titles: dict[str, str] = {}
    texts: dict[str, str] = {}
    for name, text in sorted(pages().items()):
        title, _newline, rest = text.partition("\n")
        titles[name] = title.rstrip(".")
        texts[f"{name}.md"] = f"# {titles[name]}\n\n{rest.strip()}\n"
    listed = "\n".join(f"- [{title}]({name}.md)" for name, title in titles.items())
    intro = "`fastwright explain` names the cause of every refusal. These are the causes that it knows."
    return {**texts, "README.md": f"# Causes\n\n{intro}\n\n{listed}\n"}


def main(directory: Path = DOCS) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in rendered().items():
        (directory / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:]))
