"""`fastwright explain` at the terminal: what it prints, what it exits with, and that it writes nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.diagnose.scoring import HERE

DOOR = Path(__file__).resolve().parent.parent / "doors" / "fake_door.py"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HERE / "apps" / "ledger", tmp_path / "ledger"))


def explain(project: Path, python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(DOOR), "explain", *arguments, "--project", str(project), "--python", str(python)],
        cwd=project,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={"PATH": "/usr/bin:/bin", "COLUMNS": "80", "HOME": str(project.parent)},
    )


def files(project: Path) -> dict[str, bytes]:
    return {str(path.relative_to(project)): path.read_bytes() for path in project.rglob("*") if path.is_file()}


def test_nothing_is_written_for_post_and_delete(ledger: Path, today: Path) -> None:
    (ledger / "ledger.db").write_bytes(b"the database of its owner")
    before = files(ledger)
    body = '{"iban": "DE89370400440532013000", "owner_id": 1}'
    assert explain(ledger, today, "POST /accounts", "--body", body).returncode == 1
    explain(ledger, today, "DELETE /users/5", "--header", "Authorization: Bearer ada@example.com")
    assert files(ledger) == before


def test_json_has_the_keys_that_are_promised(ledger: Path, today: Path) -> None:
    body = '{"from_account": 1, "to_account": 2, "cents": 0}'
    done = explain(ledger, today, "POST /transfers", "--body", body, "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert found["verdict"] == "both"
    assert {"verdict", "problems", "corrected", "verified", "endpoint", "notes"} <= set(found)
    assert {"loc", "got", "expected", "why", "fix", "cause", "side", "file", "line"} <= set(found["problems"][0])


def test_an_accepted_request_exits_with_zero(ledger: Path, today: Path) -> None:
    done = explain(ledger, today, "GET /people/3")
    assert done.returncode == 0
    assert "The request is accepted (200)" in done.stdout
    assert "rows that the request names were made" in " ".join(done.stdout.split())


def test_people_see_the_request_beside_what_is_expected_at_80_columns(today: Path) -> None:
    body = '{"name": "M", "price": "9.999", "sku": "MUG-0001"}'
    done = explain(HERE / "apps" / "catalog", today, "POST /products", "--body", body)
    lines = done.stdout.splitlines()
    assert any(line.startswith("✗") and '"price": "9.999"' in line and "a number" in line for line in lines)
    assert any(line.startswith("    ") and '"sku"' in line for line in lines)
    assert "main.py:32" in done.stdout
    assert done.stdout.rstrip().endswith("""-d '{"name": "MM", "price": "10.00", "sku": "MUG-0001"}'""")
    assert max(len(line) for line in lines if "curl" not in line and "-d" not in line) <= 80


def test_a_log_is_grouped_by_endpoint_and_cause(tmp_path: Path, today: Path) -> None:
    log = tmp_path / "access.log"
    posted = {"method": "POST", "path": "/products", "status": 422}
    rows = [
        *['INFO:     127.0.0.1:5000 - "GET /search HTTP/1.1" 422 Unprocessable Entity'] * 3,
        '10.0.0.1 - - [10/Oct/2030:13:55:36 +0000] "GET /search?page=0&q=x HTTP/1.1" 422 120',
        '10.0.0.1 - - [10/Oct/2030:13:55:36 +0000] "GET /search?page=1&q=x HTTP/1.1" 200 120',
        *(json.dumps({**posted, "body": {"name": name, "price": 1, "sku": "ABC-1234"}}) for name in "MN"),
    ]
    log.write_text("\n".join(rows), encoding="utf-8")
    done = explain(HERE / "apps" / "catalog", today, "--log", str(log), "--json")
    found = json.loads(done.stdout)
    assert found["requests"] == 6
    assert [(one["count"], one["endpoint"], one["cause"]) for one in found["groups"]] == [
        (3, "GET /search", "missing-field"),
        (2, "POST /products", "length"),
        (1, "GET /search", "range"),
    ]


def test_an_endpoint_that_is_none_is_refused_with_a_hint(ledger: Path, today: Path) -> None:
    done = explain(ledger, today, "products", "--json")
    assert done.returncode == 2
    assert "POST /api/products" in json.loads(done.stdout)["error"]["hint"]
