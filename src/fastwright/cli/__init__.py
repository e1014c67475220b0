"""The terminal door: parse, call a verb, render, and turn errors into exit codes.

Imports of anything heavy wait until a command needs them, so that `--help` answers at once.
"""

from __future__ import annotations

from fastwright.cli.boundary import main, run

__all__ = ["main", "run"]
