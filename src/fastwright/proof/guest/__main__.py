"""Start in a foreign interpreter: `python -B …/guest/__main__.py request.json`; the result goes into a file.

Our package is made known under its own name, but without the directory that it is in, as for the probe.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
import types
from pathlib import Path
from typing import Any


def _make_known() -> None:
    here = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if Path(entry or ".").resolve() != here]
    ours = here.parent.parent
    for name, directory in (
        ("fastwright", ours),
        ("fastwright.project", ours / "project"),
        ("fastwright.proof", ours / "proof"),
    ):
        package = types.ModuleType(name)
        package.__path__ = [str(directory)]
        sys.modules[name] = package


def _main(file: str) -> None:
    request: dict[str, Any] = json.loads(Path(file).read_text(encoding="utf-8"))
    from fastwright.proof.guest import (  # noqa: PLC0415 - known only now
        admitted,
        autogenerate,
        conversation,
        difference,
        migrations,
        reflection,
        suite,
    )

    runs = {
        "admitted": admitted,
        "autogenerate": autogenerate,
        "conversation": conversation,
        "difference": difference,
        "migrations": migrations,
        "reflection": reflection,
        "tests": suite,
    }
    run = runs[request["what"]].run
    try:
        result = run(request)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the result
        result = {"problem": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()[-3000:]}
    partial = Path(request["result"]).with_suffix(".part")
    partial.write_text(json.dumps(result, default=str), encoding="utf-8")
    partial.rename(request["result"])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # threads that the project has started do not keep us


if __name__ == "__main__":
    _make_known()
    _main(sys.argv[1])
