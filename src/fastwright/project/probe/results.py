"""Results of what runs in a foreign interpreter: files that are whole or not there, whenever the app ends us."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_result(file: Path, result: Mapping[str, Any] | list[Any]) -> None:
    """Write a result to a file."""
    partial = file.with_suffix(".part")
    partial.write_text(json.dumps(result, default=str), encoding="utf-8")
    partial.rename(file)
