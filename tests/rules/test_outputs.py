"""How findings and access are written for other programs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from fastwright.project.static import read_static
from fastwright.render.check_access import page
from fastwright.render.github import commands
from fastwright.render.sarif import sarif
from fastwright.verbs.access_matrix import AccessRequest, access
from fastwright.verbs.check import CheckRequest, CheckResult, check
from tests.doors.terminal import fastwright

VETBOOK = Path(__file__).parent.parent / "apps" / "vetbook"
# The schema of the standard; `sarif/README.md` says where it is from.
SARIF: dict[str, Any] = json.loads((Path(__file__).parent / "sarif" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def audited() -> CheckResult:
    return check(CheckRequest(project=VETBOOK, static=True))


def test_sarif_is_as_the_standard_says_and_each_result_points_at_its_rule(audited: CheckResult) -> None:
    log = sarif(audited)
    jsonschema.validate(log, SARIF)
    (run,) = log["runs"]
    assert len(run["results"]) == len(audited.findings) > 0
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    assert len({one["partialFingerprints"]["fastwright/v1"] for one in run["results"]}) == len(run["results"])


def test_annotations_are_one_line_each(audited: CheckResult) -> None:
    lines = list(commands(audited))
    assert len(lines) == len(audited.findings)
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) and "\n" not in line for line in lines)
    assert any("file=vetbook/visits/router.py,line=75,title=endpoint-without-auth::" in line for line in lines)


def test_the_access_matrix_has_a_row_for_each_endpoint(tmp_path: Path) -> None:
    matrix = access(AccessRequest(project=VETBOOK, static=True))
    project = read_static(VETBOOK)
    assert {(row.method, row.path) for row in matrix.rows} == {(one.method, one.path) for one in project.endpoints}
    row = next(row for row in matrix.rows if (row.method, row.path) == ("GET", "/users/me"))
    assert (row.answers["anybody"], row.answers["signed in"]) == ("no", "yes")
    assert "/users/me" in page(matrix)


def test_a_difference_to_the_kept_matrix_is_told_and_fails(tmp_path: Path) -> None:
    kept = tmp_path / "access.json"
    access(AccessRequest(project=VETBOOK, static=True, write_baseline=kept))
    assert not access(AccessRequest(project=VETBOOK, static=True, baseline=kept)).differences
    document = json.loads(kept.read_text(encoding="utf-8"))
    for row in document["access"]:
        if (row["method"], row["path"]) == ("POST", "/token"):
            row["anybody"] = "no"
    kept.write_text(json.dumps(document), encoding="utf-8")
    (difference,) = access(AccessRequest(project=VETBOOK, static=True, baseline=kept)).differences
    assert (difference.method, difference.path, difference.opens) == ("POST", "/token", True)
    told = fastwright(VETBOOK, "check", "--access", "--static", "--baseline", str(kept))
    assert told.returncode == 1
    assert "POST /token: anybody may" in told.stdout


@pytest.mark.parametrize("form", ["sarif", "json", "github"])
def test_every_format_is_printed(form: str) -> None:
    printed = fastwright(VETBOOK, "check", "--static", "--format", form)
    assert printed.returncode == 1
    assert "endpoint-without-auth" in printed.stdout
    if form != "github":
        json.loads(printed.stdout)


def test_text_fits_into_eighty_columns() -> None:
    printed = fastwright(VETBOOK, "check", "--static", COLUMNS="80").stdout
    assert max(len(line) for line in printed.splitlines()) <= 80
