"""The terminal door: parse, call a verb, render, and turn errors into exit codes.

Imports of anything heavy wait until a command needs them, so that `--help` answers at once.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastwright.verbs.new import Workshop


def main(workshop: Workshop | None = None) -> NoReturn:
    """Run the command line, and end the process. What takes longest is begun before the rest is imported."""
    from fastwright.cli.early import begun

    with begun(sys.argv[1:]):
        from fastwright.cli.boundary import end, run_as_told

        code = run_as_told(workshop)
    end(code)


def run(arguments: Sequence[str], workshop: Workshop | None = None) -> int:
    """Run one command and return its exit code."""
    from fastwright.cli import boundary

    return boundary.run(arguments, workshop)
