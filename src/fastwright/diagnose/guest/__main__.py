"""Start the guest in a foreign interpreter: `python -B …/guest/__main__.py request.json`.

Our packages are made known under their own names, but without the directory that they are in: that one may hold the
packages of our environment, and the project must see none of them.
"""

from __future__ import annotations

import sys
import types
from pathlib import Path


def _make_known() -> None:
    here = Path(__file__).resolve().parent
    # Python puts the directory of a script first, where `sending` would be ours and not the project's.
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != here]
    root = here.parent.parent
    for name, directory in (
        ("fastwright", root),
        ("fastwright.project", root / "project"),
        ("fastwright.diagnose", root / "diagnose"),
    ):
        package = types.ModuleType(name)
        package.__path__ = [str(directory)]
        sys.modules[name] = package


if __name__ == "__main__":
    _make_known()
    from fastwright.diagnose.guest.serving import main

    main(sys.argv[1])
