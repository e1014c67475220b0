"""A pytest plugin, so that a project keeps its endpoints constant for ever.

def test_no_endpoint_takes_more_statements_for_more_rows(fastwright_growth):
fastwright_growth.assert_constant()
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

# pytest imports its plugins before every run of every test: what takes time is imported when it is needed.
if TYPE_CHECKING:
    from fastwright.measure.report import EndpointGrowth


class GrowthOfEndpoints:
    """How the statements of each endpoint grow; they are measured at the first question, in a process of their own."""

    def __init__(self, project: Path, python: Path, app: str | None, env_file: Path | None) -> None:
        self._project = project
        self._python = python
        self._app = app
        self._env_file = env_file
        self._endpoints: tuple[EndpointGrowth, ...] | None = None

    @property
    def endpoints(self) -> tuple[EndpointGrowth, ...]:
        """Every endpoint that was measured."""
        if self._endpoints is None:
            from fastwright.verbs.optimize import OptimizeRequest, measure_growth  # noqa: PLC0415

            self._endpoints = measure_growth(
                OptimizeRequest(project=self._project, python=self._python, app=self._app, env_file=self._env_file)
            )
        return self._endpoints

    def assert_constant(self, path: str = "", *, allowed: Sequence[str] = ()) -> None:
        """Fail if an endpoint at `path` or below it grows, or is a 500 once there are rows.

        `allowed` are paths that may; one of them that does not grow any more fails, too, so that the list stays true.
        """
        growing = [one for one in self.endpoints if _is_below(one.path, path) and one.grows]
        wrong = [_shown(one) for one in growing if one.path not in allowed]
        wrong += [f"{name} does not grow any more: take it off the list" for name in _constant(allowed, growing)]
        if wrong:
            pytest.fail("\n".join(["statements grow with the rows", *wrong]), pytrace=False)


@pytest.fixture(scope="session")
def fastwright_growth(pytestconfig: pytest.Config) -> GrowthOfEndpoints:
    """Measure the app of this project, as `fastwright optimize` does, and change nothing."""
    env_file = pytestconfig.getini("fastwright_env_file")
    return GrowthOfEndpoints(
        pytestconfig.rootpath,
        Path(pytestconfig.getini("fastwright_python") or sys.executable),
        pytestconfig.getini("fastwright_app") or None,
        pytestconfig.rootpath / env_file if env_file else None,
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a project name its app, where it is not found by itself."""
    parser.addini("fastwright_app", "the app object: module:attribute", default="")
    parser.addini("fastwright_python", "the interpreter of the app, if not the one of the tests", default="")
    parser.addini("fastwright_env_file", "variables that the import of the app needs", default="")


def _is_below(path: str, prefix: str) -> bool:
    plain = prefix.rstrip("/")
    return not plain or path.rstrip("/") == plain or path.startswith(f"{plain}/")


def _constant(allowed: Sequence[str], growing: Sequence[EndpointGrowth]) -> list[str]:
    return [path for path in allowed if path not in {one.path for one in growing}]


def _shown(one: EndpointGrowth) -> str:
    from fastwright.measure.comparing import told  # noqa: PLC0415
    from fastwright.measure.sentences import sentence  # noqa: PLC0415

    causes = "".join(f"\n    {sentence(cause)}" for cause in one.causes)
    return f"  {one.method} {one.path}: {told(one.queries)}{causes}"
