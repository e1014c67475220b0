"""Run the tests of the project with its own pytest, and write down how each of them ended."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from typing import Any

from fastwright.proof.guest.observed import observed
from fastwright.proof.guest.walls import enclosed

_TEXT = 1500


class Witness:
    """A pytest plugin that keeps the outcome of each test; a module that cannot be collected counts as one."""

    def __init__(self) -> None:
        self.outcomes: dict[str, str] = {}
        self.texts: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.when == "call" or report.outcome in {"failed", "skipped"}:
            if self.outcomes.get(report.nodeid) != "failed":
                self.outcomes[report.nodeid] = report.outcome
            self._keep(report)

    def pytest_collectreport(self, report: Any) -> None:
        if report.outcome == "failed":
            self.outcomes[report.nodeid] = "failed"
            self._keep(report)

    def _keep(self, report: Any) -> None:
        if report.outcome == "failed":
            self.texts[report.nodeid] = str(report.longrepr)[-_TEXT:]


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Return the outcome of each test, and what must not be: modules that came from the checkout."""
    walls = enclosed(request, redirect=False)
    if importlib.util.find_spec("pytest") is None:
        return {"missing": "pytest"}
    witness = Witness()
    called = observed() if request.get("observe") else None
    # One process, so that all of it is behind the walls; and always in the same order.
    arguments = ["-p", "no:randomly", *(["-n0"] if importlib.util.find_spec("xdist") else [])]
    pytest: Any = importlib.import_module("pytest")
    code = int(pytest.main([*arguments, *request["tests"]], plugins=[witness]))
    return {
        "outcomes": witness.outcomes,
        "texts": witness.texts,
        "code": code,
        "root": request["root"],
        "called": sorted(called) if called is not None else None,
        "refusals": walls.refusals,
        "strays": _strays(request["original"], request["root"]),
    }


def _strays(original: str, root: str) -> list[str]:
    """Return the modules that came from the checkout, to which an editable install points, and not from the copy."""
    prefixes = tuple(os.path.realpath(path) + os.sep for path in (sys.prefix, sys.base_prefix, root))
    place = os.path.realpath(original) + os.sep
    files = [getattr(module, "__file__", None) for module in list(sys.modules.values())]
    real = [os.path.realpath(file) for file in files if isinstance(file, str)]
    return sorted({file for file in real if file.startswith(place) and not file.startswith(prefixes)})
