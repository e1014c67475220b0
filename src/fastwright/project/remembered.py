"""What was understood of an app is remembered, so that a project that has not changed is not imported again.

Everything that an import can depend on is part of the key: the files of the project, the interpreter and the packages
in it, what was imported from elsewhere, and the variables it was given. The cache belongs to the user alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import platformdirs

from fastwright import __version__
from fastwright.project.lent import lent
from fastwright.project.source import is_skipped

_KEPT = 60
_LARGE = 5_000_000
_NOT_READ = frozenset({"__pycache__", ".fastwright"})


@dataclass(frozen=True)
class Memory:
    """What is known of an app in one state of a project."""

    state: str
    app: str

    @classmethod
    def of(cls, root: Path, python: Path, app: str | None, variables: Mapping[str, str]) -> Memory:
        """Return where the result for this state is, or would be; `app` is what was named, if it was."""
        digest = hashlib.blake2b(digest_size=20)
        settings = (f"{name}={value}" for name, value in sorted(variables.items()))
        for part in (__version__, *_ours(), *lent().values(), *_interpreter(python), *settings):
            digest.update(part.encode() + b"\0")
        for part in _files(root):
            digest.update(part)
        return cls(digest.hexdigest(), app or "")

    @property
    def file(self) -> Path:
        app = hashlib.blake2b(self.app.encode(), digest_size=4).hexdigest()
        return platformdirs.user_cache_path("fastwright") / "maps" / f"{self.state}-{app}.json"

    @property
    def is_kept(self) -> bool:
        """Whether there is a result; it may turn out to be too old."""
        return self.file.exists()

    def recall(self) -> Mapping[str, Any] | None:
        """Return the result, unless there is none, or something else that was imported has changed since."""
        try:
            kept: dict[str, Any] = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if any(_stamp(Path(path)) != stamp for path, stamp in kept["elsewhere"].items()):
            return None
        with contextlib.suppress(OSError):
            os.utime(self.file)
        return kept

    def keep(self, result: Mapping[str, Any], app: str, **understood: Any) -> None:
        """Remember what was understood of a result, for those who name the app, too. It is done without if need be."""
        if not _is_whole(result):
            return
        elsewhere = {path: _stamp(Path(path)) for path in result["elsewhere"]}
        text = json.dumps({"elsewhere": elsewhere, **understood})
        with contextlib.suppress(OSError):
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            for file in {self.file, replace(self, app=app).file}:
                partial = file.with_suffix(f".{os.getpid()}")
                partial.write_text(text, encoding="utf-8")
                partial.chmod(0o600)
                partial.rename(file)
            _forget_oldest(self.file.parent)


def _is_whole(result: Mapping[str, Any]) -> bool:
    """Tell whether nothing in a result is due to the machine being busy: every endpoint was answered in its time."""
    answers = [endpoint["answer"] for endpoint in result["endpoints"]]
    return not result["startup"] and all(answer is None or answer.get("status") is not None for answer in answers)


def _ours() -> Iterator[str]:
    """Yield what changes when we do: our files say more than our version while they are being worked on."""
    here = Path(__file__).parent
    yield from (f"{file.name} {_stamp(file)}" for file in sorted([*here.glob("*.py"), *here.glob("probe/*.py")]))


def _interpreter(python: Path) -> Iterator[str]:
    """Yield what tells one set of installed packages from another: the names and times of their metadata."""
    yield str(python)
    yield _stamp(python)
    for packages in sorted(python.parent.parent.glob("lib*/python*/site-packages")):
        with os.scandir(packages) as entries:
            found = [(one.name, one.stat().st_mtime_ns) for one in entries if one.name.endswith((".dist-info", ".pth"))]
        yield from (f"{name} {time}" for name, time in sorted(found))


def _files(root: Path) -> Iterator[bytes]:
    for directory, names, files in os.walk(root):
        here = Path(directory)
        names[:] = sorted(name for name in names if name not in _NOT_READ and not is_skipped(here / name))
        for name in sorted(files):
            file = here / name
            yield os.fsencode(file.relative_to(root)) + b"\0"
            try:
                large = file.is_symlink() or not file.is_file() or file.stat().st_size > _LARGE
                yield _stamp(file).encode() if large else hashlib.blake2b(file.read_bytes()).digest()
            except OSError:
                yield b"?"


def _stamp(file: Path) -> str:
    try:
        found = file.stat()
    except OSError:
        return "none"
    return f"{found.st_mtime_ns} {found.st_size}"


def _forget_oldest(place: Path) -> None:
    kept = sorted(place.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in kept[_KEPT:]:
        file.unlink(missing_ok=True)
