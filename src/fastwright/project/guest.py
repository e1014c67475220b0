"""Start a module of ours in a foreign interpreter: `python -B …/guest.py MODULE ARGUMENT` runs `main(ARGUMENT)` of it.

Our package is made known under its own name, but without the directory that it is in: that one may hold the packages
of our environment, and the project must see none of them.
"""

from __future__ import annotations

import sys
import types
from importlib import import_module
from pathlib import Path
from typing import Any


def _loaded(module: str) -> Any:
    here = Path(__file__).resolve().parent
    # Python puts the directory of a script first, where `read` would be ours and not the project's.
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != here]
    package = types.ModuleType("fastwright")
    package.__path__ = [str(here.parent)]
    sys.modules[package.__name__] = package
    # Ours are compiled once and not every time; nothing is written beside the files of the project.
    sys.dont_write_bytecode = False
    found = import_module(module)
    sys.dont_write_bytecode = True
    return found


if __name__ == "__main__":
    _loaded(sys.argv[1]).main(sys.argv[2])
