"""Start the probe in a foreign interpreter: `python -B …/probe/__main__.py DIRECTORY`; what to look at it is told.

Our package is made known under its own name, but without the directory that it is in: that one may hold the packages
of our environment, and the project must see none of them.
"""

from __future__ import annotations

import sys
import types
from pathlib import Path


def _make_known() -> None:
    here = Path(__file__).resolve().parent
    # Python puts the directory of a script first, where `routes` would be ours and not the project's.
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != here]
    for name, directory in (("fastwright", here.parent.parent), ("fastwright.project", here.parent)):
        package = types.ModuleType(name)
        package.__path__ = [str(directory)]
        sys.modules[name] = package


if __name__ == "__main__":
    _make_known()
    # Ours are compiled once and not every time; nothing is written beside the files of the project.
    sys.dont_write_bytecode = False
    from fastwright.project.probe.session import main

    sys.dont_write_bytecode = True
    main(Path(sys.argv[1]))
