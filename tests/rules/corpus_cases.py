"""The labelled corpus: files of Markdown, one a rule, with defects (marked lines) and their correct twins.

Every case is a project of its own: its blocks, and the packages in `corpus/_shared` from which it imports. A heading is
`## defect: how it is written` or `## twin: how it is written`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastwright.rules._page import MARK

CORPUS = Path(__file__).parent / "corpus"
_HEADING = re.compile(r"^## (defect|twin): (.+)$", re.MULTILINE)
_FENCE = re.compile(r"^```python(?: ([\w./]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Case:
    """A defect or a twin of a rule."""

    rule: str
    kind: str
    title: str
    files: dict[str, str]

    @property
    def places(self) -> set[tuple[str, int]]:
        """All lines of the case's own files; what is found in the shared ones is not its subject."""
        own = {name: text for name, text in self.files.items() if _shared().get(name) != text}
        return {(name, number) for name, text in own.items() for number in range(1, text.count("\n") + 2)}

    @property
    def marked(self) -> set[tuple[str, int]]:
        """The places that are to be found."""
        return {
            (name, number)
            for name, text in self.files.items()
            for number, line in enumerate(text.splitlines(), 1)
            if line.rstrip().endswith(MARK)
        }


def cases() -> Iterator[Case]:
    """Yield all cases of all rules."""
    for file in sorted(CORPUS.glob("*.md")):
        parts = _HEADING.split(file.read_text(encoding="utf-8"))
        for kind, title, text in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            blocks = {name or "app.py": block for name, block in _FENCE.findall(text)}
            yield Case(file.stem, kind, title, _needed(blocks) | blocks)


def _needed(blocks: dict[str, str]) -> dict[str, str]:
    """Return the shared packages from which a case imports."""
    text = "\n".join(blocks.values())
    return {path: content for path, content in _shared().items() if re.search(rf"\b{path.partition('/')[0]}\b", text)}


@cache
def _shared() -> dict[str, str]:
    place = CORPUS / "_shared"
    return {file.relative_to(place).as_posix(): file.read_text("utf-8") for file in sorted(place.rglob("*.py"))}
