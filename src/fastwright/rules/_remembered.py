"""What was found is remembered, so that a project that has not changed is not read again.

The key is all that the findings depend on: the files, the settings, the request, and our own rules. Where the app was
run, the map has to be remembered, too, for the same interpreter and packages.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import platformdirs

from fastwright import __version__

_KEPT = 60


@dataclass(frozen=True)
class Remembered:
    """The cached result for one state of a project and one request."""

    file: Path

    @classmethod
    def of(cls, contents: Mapping[str, bytes], asked: Iterable[str]) -> Remembered:
        """Return where the result is, or would be."""
        digest = hashlib.blake2b(digest_size=20)
        for part in (__version__, *_ours(), *asked):
            digest.update(part.encode() + b"\0")
        for path, content in contents.items():
            digest.update(path.encode("utf-8", "surrogateescape") + b"\0" + hashlib.blake2b(content).digest())
        return cls(platformdirs.user_cache_path("fastwright") / "checks" / f"{digest.hexdigest()}.json")

    def recall(self) -> dict[str, Any] | None:
        """Return the result, unless there is none."""
        try:
            kept: dict[str, Any] = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return kept

    def keep(self, result: str) -> None:
        """Remember a result, and forget the oldest ones. A cache that cannot be written is done without."""
        with contextlib.suppress(OSError):
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial = self.file.with_suffix(f".{os.getpid()}")
            partial.write_text(result, encoding="utf-8")
            partial.chmod(0o600)
            partial.rename(self.file)
            kept = sorted(self.file.parent.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
            for file in kept[_KEPT:]:
                file.unlink(missing_ok=True)


@cache
def _ours() -> tuple[str, ...]:
    """Return what changes when a rule does: our files say more than our version while they are being worked on."""
    found: list[str] = []
    for place in (Path(__file__).parent, Path(__file__).parent / "_engine"):
        with os.scandir(place) as entries:
            found += [f"{one.name} {one.stat().st_mtime_ns}" for one in entries if one.name.endswith(".py")]
    return tuple(sorted(found))
