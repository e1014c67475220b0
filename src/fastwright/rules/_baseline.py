"""A baseline: the findings that a project has agreed to live with for now, so that only new ones are told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from fastwright.errors import InputError
from fastwright.rules._engine.finding import Finding


def read_baseline(file: Path) -> frozenset[str]:
    """Return the fingerprints in a baseline file. Raises `InputError` if it cannot be read."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
        return frozenset(str(one["fingerprint"]) for one in document["findings"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        hint = f"write it with fastwright check --write-baseline {file}"
        raise InputError(f"{file} is not a baseline: {error}", hint=hint) from error


def write_baseline(file: Path, findings: Sequence[Finding]) -> None:
    """Write the findings of today. Lines are left out: code that moves changes nothing."""
    kept = [
        {"rule": one.rule, "file": one.file, "endpoint": one.endpoint, "fingerprint": one.fingerprint}
        for one in findings
    ]
    try:
        file.write_text(json.dumps({"version": 1, "findings": kept}, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}", hint="name another file") from error
