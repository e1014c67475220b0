"""The project's ruff, for what is not ours to find: its findings are told beside ours."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fastwright.errors import InputError
from fastwright.rules._engine.finding import Finding

SELECTED = "FAST,ASYNC,S,B"
_SECONDS = 60
# Some of what `S` says is asserted in tests only, or said of every call in a default, which is how FastAPI is written.
_IGNORED = "S101,B008,FAST002"


def ruff_findings(root: Path, python: Path | None, ours: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return what ruff says on lines of which we say nothing. Raises `InputError` if it cannot be run."""
    known = {(one.file, one.line) for one in ours}
    return tuple(one for one in _findings(root, python) if (one.file, one.line) not in known)


def _findings(root: Path, python: Path | None) -> Iterator[Finding]:
    for raw in _run(root, _executable(root, python)):
        file = Path(raw["filename"])
        path = file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)
        code = str(raw.get("code") or "syntax")
        digest = hashlib.sha256(f"{code}\0{path}\0{raw['message']}".encode()).hexdigest()
        yield Finding(
            rule=f"ruff:{code}",
            category="lint",
            severity="medium" if code.startswith(("S", "ASYNC")) else "low",
            file=path,
            line=int(raw["location"]["row"]),
            symbol="",
            endpoint=None,
            message=str(raw["message"]),
            why=str(raw.get("url") or ""),
            certainty="read from the code",
            fixable=False,
            standards=(),
            fingerprint=digest[:16],
        )


def _run(root: Path, ruff: Path) -> list[dict[str, Any]]:
    command = [ruff, "check", "--no-cache", "--exit-zero", "--output-format=json", f"--select={SELECTED}"]
    try:
        done = subprocess.run(
            [*map(str, command), f"--ignore={_IGNORED}", "--force-exclude", str(root)],
            cwd=root,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=True,
        )
        found: list[dict[str, Any]] = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        detail = getattr(error, "stderr", b"") or str(error).encode()
        reason = detail.decode("utf-8", "replace").strip().splitlines()
        hint = "see whether ruff check runs by itself, or leave --ruff out"
        raise InputError(f"ruff cannot be run: {reason[-1] if reason else error}", hint=hint) from error
    return found


def _executable(root: Path, python: Path | None) -> Path:
    """Return the ruff of the project, or else the one that Fastwright comes with."""
    candidates = [python.parent] if python else []
    candidates += [root / ".venv" / "bin", root / "venv" / "bin", Path(sys.executable).parent]
    return next((place / "ruff" for place in candidates if (place / "ruff").is_file()), Path("ruff"))
