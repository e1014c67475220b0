"""One run of the guest: something is done with the app of a project, and what came of it goes into a file."""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

from fastwright.project.probe.results import write_result
from fastwright.proof.guest import admitted, autogenerate, conversation, difference, migrations, reflection, suite

_RUNS = {
    "admitted": admitted,
    "autogenerate": autogenerate,
    "conversation": conversation,
    "difference": difference,
    "migrations": migrations,
    "reflection": reflection,
    "tests": suite,
}


def main(file: str) -> None:
    """Do `what` the request in a file asks for, and end."""
    request: dict[str, Any] = json.loads(Path(file).read_text(encoding="utf-8"))
    try:
        result = _RUNS[request["what"]].run(request)
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is the result
        result = {"problem": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()[-3000:]}
    write_result(Path(request["result"]), result)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # threads that the project has started do not keep us
