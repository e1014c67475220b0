"""What of a project a model may see: source, and never a secret.

What a model was shown can be got out of it (OWASP LLM02:2025), so a secret is hidden before. Text in a repository may
try to steer it (LLM01:2025): that is why what it may write is limited elsewhere, whatever it was told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from fastwright.errors import InputError
from fastwright.proof.tree import walk

_SHOWN = frozenset({".py", ".md", ".toml", ".cfg", ".ini", ".txt", ".yaml", ".yml", ".json", ".html", ".sql", ".mako"})
_SECRET = re.compile(
    r"(?i)^(\.env.*|.*\.env|.*(secret|credential|passw).*\.(?!py$|md$)\w+|id_[rd]sa.*|\.netrc|\.pypirc)$"
)
_NAMED = re.compile(
    r"""(?ix)(\b\w*(?:secret|passw(?:or)?d|api_?key|private_?key|access_?key|token)\w*["']?\s*(?::\s*\w+\s*)?[=:]\s*["'])
    (?P<value>[^"'\n]{6,})(?=["'])"""
)
_SHAPED = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"
    r"|\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{16,}|\bgh[pousr]_[A-Za-z0-9]{20,}|\bAKIA[0-9A-Z]{16}\b"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+|(?<=://)[^/@\s:]+:[^/@\s]+(?=@)",
    re.DOTALL,
)
_MASK = "***"
_LONGEST = 60_000
_LEAST = 6


@dataclass(frozen=True)
class Mask:
    """Hides secrets in a text: the values of environment files, and what looks like one."""

    values: tuple[str, ...] = ()

    def hide(self, text: str) -> str:
        for value in self.values:
            text = text.replace(value, _MASK)
        return _NAMED.sub(lambda found: f"{found[1]}{_MASK}", _SHAPED.sub(_MASK, text))


def mask_of(root: Path, others: Iterable[Path] = ()) -> Mask:
    """Return the mask for a project: no value of an `.env` file of it, nor of the `others`, is ever shown."""
    files = [*(path for path in root.glob("**/.env*") if path.is_file() and ".venv" not in path.parts), *others]
    values: set[str] = set()
    for file in files:
        for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
            _name, separator, value = line.partition("=")
            value = value.strip().strip("\"'")
            if separator and len(value) >= _LEAST and not value.lower().startswith(("true", "false")):
                values.add(value)
    return Mask(tuple(sorted(values, key=len, reverse=True)))


@dataclass(frozen=True)
class Library:
    """The files of a project that a model may read."""

    root: Path
    mask: Mask

    def names(self) -> tuple[str, ...]:
        """Return the paths of all of them."""
        found = walk(self.root, lambda _path, _reason: None)
        return tuple(path for path, state in found if state.kind == "file" and may_be_read(path))

    def read(self, path: str) -> str:
        """Return the text of a file, without secrets. Raises `InputError` for one that may not be read."""
        if path not in self.names():
            raise InputError(f"{path} is not there, or is not for you to read", hint="list the files first")
        return self.mask.hide((self.root / path).read_text(encoding="utf-8", errors="replace")[:_LONGEST])

    def search(self, text: str) -> tuple[str, ...]:
        """Return the lines that have `text` in them, each with its place; a hundred at most."""
        lines = (
            f"{path}:{number}: {line.strip()[:200]}"
            for path in self.names()
            for number, line in enumerate(self.read(path).splitlines(), 1)
            if text in line
        )
        return tuple(line for line, _count in zip(lines, range(100), strict=False))


def may_be_read(path: str) -> bool:
    """Tell whether a file is source, and nothing that has secrets for a purpose."""
    place = PurePosixPath(path)
    return place.suffix in _SHOWN and not is_hidden(place) and not _SECRET.match(place.name)


def is_hidden(place: PurePosixPath) -> bool:
    return any(part.startswith(".") for part in place.parts)
