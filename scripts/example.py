"""Write `examples/shop` anew: the files that `fastwright new` writes for `examples/shop.yaml`.

Left out are the lock file, which depends on the index and the day, and the proof, which depends on the run.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from fastwright.design import read_yaml
from fastwright.scaffold.engine import render_backend

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"


def expected_shop() -> Mapping[PurePosixPath, str]:
    """Return what today's templates give for the shop's design."""
    return render_backend(read_yaml(EXAMPLES / "shop.yaml"))


def main() -> int:
    """`python scripts/example.py`."""
    shop = EXAMPLES / "shop"
    files = expected_shop()  # first: when the templates are broken, the former example stays
    shutil.rmtree(shop, ignore_errors=True)
    for path, text in files.items():
        target = shop / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
    print(f"examples/shop: {len(files)} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
