"""Keep a formatted file formatted: an edit that makes a line too long is wrapped as the project's formatter would.

In a file that no formatter has laid out, only the statement that became too long is, or the line of it that did.
"""

from __future__ import annotations

import io
import subprocess
import sysconfig
import tokenize
import tomllib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

_SHORT = 79
_WIDTH = 88
# As the project says, or else, since editors have settings of their own, as wide as its lines seem to be.
_LENGTHS: tuple[list[str], ...] = ([], ["--line-length=100"], ["--line-length=120"], ["--line-length=79"])
_LONGEST = 120
_SECONDS = 20
_OPEN, _CLOSED = frozenset("([{"), frozenset(")]}")


def kept(root: Path, path: str, before: str, after: str) -> str:
    """Return the edited text, formatted if the text before was. Only long lines that are new give cause to ask."""
    known = set(before.splitlines())
    if not any(len(line) > _SHORT and line not in known for line in after.splitlines()):
        return after
    for length in [_length(root)] if _length(root) else _LENGTHS:
        settings = ["--stdin-filename", path, *length]
        if _formatted(before, settings, root) == before:
            return _formatted(after, settings, root) or after
    return _shortened(after, known, _limit(root, before))


def wrapped(text: str, indent: int, limit: int = _WIDTH) -> str:
    """Return a new statement in lines that are short enough at its place, whatever the file around it looks like."""
    width = ["--isolated", f"--line-length={max(limit - indent, _SHORT // 2)}"]
    return _formatted(text, [*width, "--config=format.quote-style='preserve'"]) or text


def _shortened(after: str, known: set[str], limit: int) -> str:
    """Return the text with each new statement, or part of one, that is one line, and too long, in several lines."""
    lines = after.splitlines(keepends=True)
    long = {row for row, line in enumerate(lines) if len(line.rstrip()) > limit and line.rstrip("\r\n") not in known}
    whole, parts = (set(_statements(after)), set(_parts(after))) if long else (set[int](), set[int]())
    for row in sorted(long & (whole | parts)):
        text = lines[row].strip()
        margin = lines[row][: len(lines[row]) - len(lines[row].lstrip())]
        within = limit - len(margin)
        laid_out = (_statement if row in whole else _part)(text, within)
        end = lines[row][len(lines[row].rstrip("\r\n")) :]
        lines[row] = "".join(f"{margin}{line}{end}" for line in laid_out.splitlines())
    return "".join(lines)


def _statement(text: str, limit: int) -> str:
    # A decorator, and the head of a block, are statements with something behind them.
    rest = "def rest(): ..." if text.startswith("@") else "    ..." if text.endswith(":") else ""
    return wrapped(f"{text}\n{rest}\n", 0, limit).rstrip().removesuffix(rest.strip()).rstrip()


def _part(text: str, limit: int) -> str:
    """Return a line between brackets, which is an expression by itself, in several lines; else as it is."""
    comma = "," if text.endswith(",") else ""
    first, *inner = wrapped(f"({text.removesuffix(',')})\n", -4, limit).rstrip().split("\n")
    if first != "(" or inner[-1] != ")":
        return text
    return "\n".join(line.removeprefix("    ") for line in inner[:-1]) + comma


def _statements(text: str) -> Iterator[int]:
    """Yield the lines that are a statement, or the head of one, by themselves."""
    first = None
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NEWLINE:
                if first is not None and first == token.start[0]:
                    yield first - 1
                first = None
            elif first is None and token.type not in (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT):
                first = token.start[0]
    except (tokenize.TokenError, SyntaxError):
        return


def _parts(text: str) -> Iterator[int]:
    """Yield the lines that begin and end between the same brackets, and have no comment."""
    depth = 0
    try:
        for number, tokens in groupby(tokenize.generate_tokens(io.StringIO(text).readline), lambda one: one.start[0]):
            before, is_plain = depth, True
            for token in tokens:
                is_plain &= token.type != tokenize.COMMENT and token.end[0] == number
                if token.type == tokenize.OP:
                    depth += (token.string in _OPEN) - (token.string in _CLOSED)
                is_plain &= depth >= before
            if is_plain and depth == before > 0:
                yield number - 1
    except (tokenize.TokenError, SyntaxError):
        return


def _limit(root: Path, before: str) -> int:
    """Return the length of lines that the project has set, or else that of the longest line there is."""
    tools = _tools(root)
    told = tools.get("ruff", {}).get("line-length") or tools.get("black", {}).get("line-length")
    longest = max((len(line) for line in before.splitlines()), default=0)
    return told if isinstance(told, int) else max(_WIDTH, min(longest, _LONGEST))


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
    tools = _tools(root)
    length = tools.get("black", {}).get("line-length") if "ruff" not in tools else None
    return [f"--line-length={length}"] if isinstance(length, int) else []


def _tools(root: Path) -> dict[str, Any]:
    """Return what the project has set for its tools."""
    try:
        tools: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8")).get("tool", {})
    except (OSError, ValueError):
        return {}
    return tools
