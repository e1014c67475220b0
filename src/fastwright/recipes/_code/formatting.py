"""Format new code as the project formats its own."""

from __future__ import annotations

import subprocess
import sysconfig
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastwright.recipes._recipe import Known

_DEFAULT_LENGTH = 88
_LONGEST = 120
_SECONDS = 60


@dataclass(frozen=True)
class Formatting:
    """How long lines may be, which quotes are used, and which packages are the project's own."""

    line_length: int
    quotes: str
    own: tuple[str, ...]

    @classmethod
    def of(cls, known: Known) -> Formatting:
        root = known.source.root
        texts = [text for file in known.source.own if (text := (root / file.path).read_text("utf-8", errors="replace"))]
        joined = "\n".join(texts)
        quotes = "single" if joined.count("'") > 2 * joined.count('"') else "double"
        packages = {part for file in known.source.own for part in Path(file.path).with_suffix("").parts}
        return cls(_line_length(root, texts), quotes, tuple(sorted(packages)))

    def formatted(self, code: str, *, whole: bool) -> str:
        """Return code in this format; of a `whole` module, imports are sorted and those that nothing uses left out."""
        if whole:
            own = ", ".join(f'"{name}"' for name in self.own)
            code = _ruff(
                code,
                "check",
                "--select=I,F401",
                "--fix",
                "--config",
                f"lint.isort.known-first-party=[{own}]",
                "--config",
                f"line-length={self.line_length}",
            )
        return _ruff(
            code,
            "format",
            "--config",
            f"line-length={self.line_length}",
            "--config",
            f'format.quote-style="{self.quotes}"',
        )


def _ruff(code: str, *arguments: str) -> str:
    ruff = Path(sysconfig.get_path("scripts")) / "ruff"
    command = [ruff, *arguments, "--isolated", "--quiet", "--no-cache", "--target-version=py311", "-"]
    done = subprocess.run(command, input=code, capture_output=True, text=True, check=False, timeout=_SECONDS)
    if done.returncode not in (0, 1) or not done.stdout:
        raise RuntimeError(f"ruff could not read what was rendered: {done.stderr}\n{code}")
    return done.stdout


def _line_length(root: Path, texts: list[str]) -> int:
    """Return what the project's formatter is told, or else what its longest lines ask for."""
    try:
        document: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError):
        document = {}
    tools = document.get("tool", {})
    told = tools.get("ruff", {}).get("line-length") or tools.get("black", {}).get("line-length")
    if isinstance(told, int):
        return told
    lengths = Counter(len(line) for text in texts for line in text.splitlines())
    long = [length for length, count in lengths.items() for _line in range(count) if length > _DEFAULT_LENGTH]
    return min(max(long), _LONGEST) if len(long) > 1 else _DEFAULT_LENGTH
