"""A rule's docstring: its sections, and the examples in them."""

from __future__ import annotations

import re
from dataclasses import dataclass

SECTIONS = ("What it does", "Why it hurts", "Bad", "Good", "Known limits")
MARK = "# <- found"
_HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```python(?: ([\w./]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Example:
    """The files of one example; the lines that are to be found are marked in them."""

    files: dict[str, str]

    @property
    def marked(self) -> set[tuple[str, int]]:
        """The places that are to be found."""
        return {
            (name, number)
            for name, text in self.files.items()
            for number, line in enumerate(text.splitlines(), 1)
            if line.rstrip().endswith(MARK)
        }


@dataclass(frozen=True)
class Page:
    """The title of a rule, and its sections by their headings."""

    title: str
    sections: dict[str, str]

    @classmethod
    def read(cls, docstring: str) -> Page:
        """Return the page that a docstring is."""
        parts = _HEADING.split(docstring)
        sections = {heading: text.strip() for heading, text in zip(parts[1::2], parts[2::2], strict=True)}
        return cls(parts[0].strip(), sections)

    @property
    def why(self) -> str:
        """The first paragraph of *Why it hurts*, on one line."""
        return " ".join(self.sections.get("Why it hurts", "").split("\n\n")[0].split())

    def examples(self, section: str) -> list[Example]:
        """Return the examples of a section: blocks with a file name belong together, one without stands alone."""
        named: dict[str, str] = {}
        found: list[Example] = []
        for name, text in _FENCE.findall(self.sections.get(section, "")):
            if name:
                named[name] = text
            else:
                found.append(Example({"main.py": text}))
        return [*found, *([Example(named)] if named else [])]
