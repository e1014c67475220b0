"""`fastwright optimize` as a person, a program and a browser see it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.measure import corpus

DOOR = Path(__file__).parent / "fake_door.py"


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            str(DOOR),
            "optimize",
            "--project",
            str(root),
            "--python",
            str(corpus.interpreter()),
            *arguments,
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


class Tags(HTMLParser):
    """Fails at a tag that is not closed, and keeps what would be loaded from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in {"meta", "br"}:
            self.open.append(tag)
        self.loaded += [value for name, value in attrs if name in {"src", "href"} and value]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag
        self.loaded += [value for name, value in attrs if name in {"src", "href"} and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str, Path, int]:
    root = corpus.copy("festival", tmp_path_factory.mktemp("optimize"))
    report = root.parent / "report.html"
    done = run(root, "--json", "--dry-run", "--html", str(report))
    return json.loads(done.stdout), report.read_text(encoding="utf-8"), root, done.returncode


def test_json_has_what_the_design_promises(measured: tuple[dict[str, Any], str, Path, int]) -> None:
    data, _html, _root, code = measured
    assert code == 0
    assert not data["landed"]
    assert data["proof"]["proven"]
    growing = [one for one in data["endpoints"] if one["growth"] != "constant"]
    assert len(growing) == 1
    assert growing[0]["queries"].keys() == growing[0]["after"].keys() == {"3", "30"}
    assert growing[0]["queries"]["30"] > growing[0]["after"]["30"]
    assert growing[0]["same_response"] is True
    assert growing[0]["cause"]
    assert growing[0]["fix"]


def test_the_report_is_one_file_that_loads_nothing(measured: tuple[dict[str, Any], str, Path, int]) -> None:
    _data, html, _root, _code = measured
    tags = Tags()
    tags.feed(html)
    assert not tags.open
    assert not tags.loaded
    assert "<script" not in html
    charts = [part.partition("</svg>")[0] + "</svg>" for part in html.split("<svg")[1:]]
    assert charts
    for chart in charts:
        ET.fromstring("<svg" + chart)


def test_a_dry_run_changes_nothing(measured: tuple[dict[str, Any], str, Path, int]) -> None:
    _data, _html, root, _code = measured
    original = corpus.HERE / "festival"
    assert all(
        path.read_bytes() == (original / path.relative_to(root)).read_bytes()
        for path in root.rglob("*.py")
        if ".fastwright" not in path.parts
    )


@pytest.mark.slow
def test_what_is_healthy_gets_an_answer_and_exit_code_0(tmp_path: Path) -> None:
    done = run(corpus.twin("festival", tmp_path))
    assert done.returncode == 0, done.stderr
    assert "takes more statements for more rows" in done.stdout
    assert "Where the time of the slowest requests goes" in done.stdout


@pytest.mark.slow
def test_what_cannot_be_fixed_is_told_with_the_edit_and_exit_code_1(tmp_path: Path) -> None:
    left = next(app for app in corpus.APPS if not corpus.truth(app)["fix"])
    done = run(corpus.copy(left, tmp_path))
    assert done.returncode == 1
    assert "Left to you" in done.stdout
    assert "nothing was changed" in done.stdout


def test_a_path_that_nothing_is_at_is_a_usage_error(tmp_path: Path) -> None:
    root = corpus.copy("festival", tmp_path)
    done = run(root, "/nowhere", "--json")
    assert done.returncode == 2
    assert "/nowhere" in json.loads(done.stdout)["error"]["message"]
    shutil.rmtree(root)
