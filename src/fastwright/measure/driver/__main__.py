"""Start in a foreign interpreter: `python -B …/driver/__main__.py request.json`; the result goes into a file.

Our package is made known under its own name, but without the directory that it is in, as for the probe.
"""

from __future__ import annotations

import sys
import types
from pathlib import Path


def _make_known() -> None:
    here = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != here]
    ours = here.parent.parent
    for name, directory in (
        ("fastwright", ours),
        ("fastwright.project", ours / "project"),
        ("fastwright.proof", ours / "proof"),
        ("fastwright.measure", ours / "measure"),
    ):
        package = types.ModuleType(name)
        package.__path__ = [str(directory)]
        sys.modules[name] = package


if __name__ == "__main__":
    _make_known()
    from fastwright.measure.driver.session import main

    main(sys.argv[1])
