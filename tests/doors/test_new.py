"""`fastwright new` through the terminal door: exit codes, and what is on the disk afterwards."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from terminal import fastwright, one_object, start, tree

from fastwright.design.model import Option
from fastwright.scaffold.record import read_record


def test_a_proven_backend_lands_with_its_proof(tmp_path: Path) -> None:
    done = fastwright(tmp_path, "new", "shop")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]
    assert (tmp_path / "shop/README.md").read_text(encoding="utf-8") == "# shop\n"
    assert (tmp_path / "shop/run").stat().st_mode & 0o111 == 0o111
    assert "what tests found" in (tmp_path / "shop/PROOF.md").read_text(encoding="utf-8")
    assert "cd shop" in done.stdout
    assert "make dev" in done.stdout


def test_progress_is_told_on_standard_error_line_by_line(tmp_path: Path) -> None:
    lines = fastwright(tmp_path, "new", "shop").stderr.splitlines()
    assert [line.split()[:2] for line in lines[:1]] == [["✓", "Environment"]]
    assert sorted(line.split()[1] for line in lines) == ["Contract", "Environment", "Lint", "Tests"]


def test_a_failing_step_is_the_answer_and_nothing_lands(tmp_path: Path) -> None:
    done = fastwright(tmp_path, "new", "shop", FAKE_FAILS="tests")
    assert done.returncode == 1
    assert "what tests found" in done.stdout
    assert "make tests" in done.stdout
    assert "tests did not pass, and nothing was written" in done.stdout
    assert tree(tmp_path) == {}


def test_what_needs_a_failing_step_is_skipped(tmp_path: Path) -> None:
    answer = one_object(fastwright(tmp_path, "new", "shop", "--json", FAKE_FAILS="environment").stdout)
    assert {step["name"]: step["status"] for step in answer["proof"]["steps"]} == {
        "environment": "failed",
        "contract": "skipped",
        "tests": "skipped",
        "lint": "skipped",
    }


def test_a_dry_run_proves_and_does_not_land(tmp_path: Path) -> None:
    done = fastwright(tmp_path, "new", "shop", "--dry-run", "--json")
    assert done.returncode == 0
    assert one_object(done.stdout)["proof"]["proven"] is True
    assert one_object(done.stdout)["landed"] is False
    assert tree(tmp_path) == {}


def test_options_are_recorded_with_what_they_need(tmp_path: Path) -> None:
    done = fastwright(tmp_path, "new", "shop", "--with", "oidc", "--with", "admin", "--explain")
    assert done.returncode == 0, done.stderr
    record = read_record((tmp_path / "shop/fastwright.lock").read_text(encoding="utf-8"))
    assert record.design.options == (Option.HTTP_CLIENT, Option.OIDC, Option.ADMIN)
    assert "OIDC_ISSUER" in done.stdout


def test_an_option_that_there_is_not_is_refused_with_those_that_there_are(tmp_path: Path) -> None:
    done = fastwright(tmp_path, "new", "shop", "--with", "nope")
    assert done.returncode == 2
    assert "`http-client`, `oidc` or `admin`" in done.stderr
    assert tree(tmp_path) == {}


def test_json_is_one_object_with_the_promised_keys(tmp_path: Path) -> None:
    done = fastwright(tmp_path, "new", "shop", "-r", "Post title:str author:->User", "--json")
    answer = one_object(done.stdout)
    assert done.stderr == ""
    assert {"change", "proof", "landed", "explanation"} <= set(answer)
    assert answer["landed"] is True
    assert answer["directory"] == str(tmp_path.resolve() / "shop")
    assert answer["change"]["operations"][0] == {"kind": "add_file", "path": "README.md", "executable": False}
    assert {"method": "POST", "path": "/api/v1/posts", "access": "any user, who then owns it"} in answer["explanation"][
        "endpoints"
    ]


def test_what_is_not_proven_is_an_error_in_json_with_the_proof(tmp_path: Path) -> None:
    done = fastwright(tmp_path, "new", "shop", "--json", FAKE_FAILS="lint")
    answer = one_object(done.stdout)
    assert done.returncode == 1
    assert answer["proof"]["proven"] is False
    assert answer["error"]["message"] == "lint did not pass, and nothing was written"
    assert answer["error"]["hint"]


def test_the_explanation_says_who_may_call_what(tmp_path: Path) -> None:
    done = fastwright(tmp_path, "new", "shop", "-r", "Post title:str author:->User", "--explain")
    assert "/api/v1/posts/{post_id}" in done.stdout
    assert "To watch" in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()) <= 80


def test_an_empty_target_directory_is_used(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    assert fastwright(tmp_path, "new", "shop").returncode == 0
    assert (tmp_path / "shop/PROOF.md").is_file()


@pytest.fixture
def heeded_signals() -> Iterator[None]:
    """Let children heed the signals that these tests themselves may have been told to ignore, as under nohup."""
    before = {number: signal.signal(number, signal.SIG_DFL) for number in (signal.SIGINT, signal.SIGHUP)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("heeded_signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_stopped_run_cleans_up_and_says_so(tmp_path: Path, number: signal.Signals) -> None:
    with start(tmp_path, "new", "shop", FAKE_SECONDS="30") as process:
        _wait_for(tmp_path, ".shop.fastwright-*/scratch/environment")
        began = time.monotonic()
        process.send_signal(number)
        _out, err = process.communicate(timeout=10)
    assert time.monotonic() - began < 5
    assert process.returncode == 130
    assert "nothing was written" in err
    assert tree(tmp_path) == {}


def test_of_two_runs_for_one_target_one_lands_and_the_other_refuses(tmp_path: Path) -> None:
    for number in range(5):
        place = tmp_path / str(number)
        place.mkdir()
        with start(place, "new", "shop") as first, start(place, "new", "shop") as second:
            outputs = [first.communicate(timeout=30), second.communicate(timeout=30)]
        assert sorted([first.returncode, second.returncode]) == [0, 2], outputs
        assert [path.name for path in place.iterdir()] == ["shop"]


def test_a_run_for_a_target_that_another_run_is_writing_refuses_at_once(tmp_path: Path) -> None:
    with start(tmp_path, "new", "shop", FAKE_SECONDS="2") as first:
        _wait_for(tmp_path, ".shop.fastwright-*/scratch/environment")
        second = fastwright(tmp_path, "new", "shop")
        assert first.poll() is None
        first.communicate(timeout=30)
    assert (first.returncode, second.returncode) == (0, 2)
    assert "another run of Fastwright" in second.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["shop"]


def _wait_for(directory: Path, pattern: str) -> None:
    end = time.monotonic() + 20
    while not list(directory.glob(pattern)):
        assert time.monotonic() < end
        time.sleep(0.005)
