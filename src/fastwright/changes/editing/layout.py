"""Keep a formatted file formatted: an edit that makes a line too long is wrapped as the project's formatter would."""

from __future__ import annotations

import subprocess
import sysconfig
import tomllib
from pathlib import Path

_SHORT = 79
_WIDTH = 88
# As the project says, or else, since editors have settings of their own, as wide as its lines seem to be.
_LENGTHS: tuple[list[str], ...] = ([], ["--line-length=100"], ["--line-length=120"], ["--line-length=79"])
_SECONDS = 20


def kept(root: Path, path: str, before: str, after: str) -> str:
    """Return the edited text, formatted if the text before was. Only long lines that are new give cause to ask."""
    known = set(before.splitlines())
    if not any(len(line) > _SHORT and line not in known for line in after.splitlines()):
        return after
    for length in [_length(root)] if _length(root) else _LENGTHS:
        settings = ["--stdin-filename", path, *length]
        if _formatted(before, settings, root) == before:
            return _formatted(after, settings, root) or after
    return after


def wrapped(text: str, indent: int) -> str:
    """Return a new statement in lines that are short enough at its place, whatever the file around it looks like."""
    width = ["--isolated", f"--line-length={max(_WIDTH - indent, _SHORT // 2)}"]
    return _formatted(text, [*width, "--config=format.quote-style='preserve'"]) or text


def _formatted(text: str, settings: list[str], root: Path | None = None) -> str | None:
    """Return what the formatter makes of a text, or nothing if it cannot read it."""
    ruff = Path(sysconfig.get_path("scripts")) / "ruff"
    command = [str(ruff), "format", "--quiet", "--no-cache", *settings, "-"]
    try:
        done = subprocess.run(
            command, cwd=root, input=text.encode(), capture_output=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode() if not done.returncode else None


def _length(root: Path) -> list[str]:
    """Return the length of lines that the project has set for Black, which lays code out in the same way."""
    try:
        tools = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8")).get("tool", {})
    except (OSError, ValueError):
        return []
    length = tools.get("black", {}).get("line-length") if "ruff" not in tools else None
    return [f"--line-length={length}"] if isinstance(length, int) else []
