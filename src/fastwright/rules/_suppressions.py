"""Comments that allow a finding: `# fastwright: allow rule-name — reason`, on its line or on the one above."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from fastwright.rules._engine.finding import Found

_COMMENT = re.compile(r"#\s*fastwright:\s*allow\s+([\w-]+(?:\s*,\s*[\w-]+)*)\s*(?:(?:—|–|--|-|:)\s*(.*))?$")


@dataclass(frozen=True)
class Suppression:
    """A comment; `alone` if nothing else is on its line, so that it is about the next one."""

    file: str
    line: int
    rules: tuple[str, ...]
    reason: str
    alone: bool
    used: set[str] = field(default_factory=set[str], compare=False)

    def allows(self, rule: str, found: Found) -> bool:
        """Tell whether a finding is allowed by it; without a reason, nothing is."""
        first, last = found.first or found.line, found.last or found.line
        near = first - (1 if self.alone else 0) <= self.line <= last
        return bool(self.reason) and rule in self.rules and found.file == self.file and near

    def is_unused(self, chosen: Collection[str]) -> bool:
        """Tell whether it names a rule that ran and found nothing here, or one that does not exist."""
        return any(rule not in self.used for rule in self.rules if rule in chosen) or not self.reason

    @property
    def complaint(self) -> str:
        """What is wrong with a comment that is unused."""
        if not self.reason:
            return "has no reason, and so allows nothing"
        return "allows what is not found here"


def read_suppressions(path: str, content: bytes) -> Iterator[Suppression]:
    """Yield the comments of a file."""
    if b"fastwright:" not in content:
        return
    try:
        for token in tokenize.tokenize(io.BytesIO(content).readline):
            match = _COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
            if match:
                rules = tuple(name.strip() for name in match[1].split(","))
                alone = not token.line[: token.start[1]].strip()
                yield Suppression(path, token.start[0], rules, (match[2] or "").strip(), alone)
    except (tokenize.TokenError, SyntaxError, UnicodeDecodeError):
        return
