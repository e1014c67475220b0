"""The audit of a project: what is told, what is allowed, what is left out, and what could not be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.errors import InputError
from fastwright.verbs.check import CheckRequest, CheckResult, check
from tests.doors.terminal import fastwright, one_object

CORS = """\
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

app = FastAPI()
app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True){comment}
"""
SECRET = 'SECRET_KEY = "f3a1c9e07b5d42d8a6"\n'


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    place = tmp_path / "project"
    place.mkdir()
    (place / "main.py").write_text(CORS.format(comment=""), encoding="utf-8")
    return place


def checked(project: Path, **asked: object) -> CheckResult:
    return check(CheckRequest.model_validate({"project": project, "static": True, **asked}))


def rules(result: CheckResult) -> list[str]:
    return [one.rule for one in result.findings]


def test_a_finding_says_what_where_why_and_how_it_is_known(project: Path) -> None:
    (finding,) = checked(project).findings
    assert (finding.rule, finding.file, finding.line) == ("credentialed-cors-wildcard", "main.py", 5)
    assert finding.why
    assert finding.certainty == "read from the code"
    assert "API8:2023" in finding.standards


@pytest.mark.parametrize("dash", ["—", "--", "-", ":"])
def test_a_comment_with_a_reason_allows_a_finding_on_its_line(project: Path, dash: str) -> None:
    comment = f"  # fastwright: allow credentialed-cors-wildcard {dash} a public demo"
    (project / "main.py").write_text(CORS.format(comment=comment), encoding="utf-8")
    result = checked(project)
    assert not result.findings
    assert result.allowed == 1
    assert not result.unused


def test_a_comment_above_the_line_allows_it_too(project: Path) -> None:
    text = CORS.format(comment="").replace(
        "app.add", "# fastwright: allow credentialed-cors-wildcard — a public demo\napp.add"
    )
    (project / "main.py").write_text(text, encoding="utf-8")
    assert not checked(project).findings


def test_a_comment_without_a_reason_allows_nothing_and_is_told(project: Path) -> None:
    (project / "main.py").write_text(
        CORS.format(comment="  # fastwright: allow credentialed-cors-wildcard"), encoding="utf-8"
    )
    result = checked(project)
    assert rules(result) == ["credentialed-cors-wildcard"]
    assert [one.line for one in result.unused] == [5]


def test_a_comment_that_allows_nothing_is_told(project: Path) -> None:
    (project / "other.py").write_text("X = 1  # fastwright: allow write-in-get — it was one once\n", encoding="utf-8")
    (unused,) = checked(project).unused
    assert (unused.file, unused.line, unused.rules) == ("other.py", 1, ("write-in-get",))


def test_settings_say_which_rules_run_and_where(project: Path) -> None:
    for place in ("old", "new"):
        (project / place).mkdir()
        (project / place / "config.py").write_text(SECRET, encoding="utf-8")
    (project / "pyproject.toml").write_text(
        '[tool.fastwright.check]\nignore = ["credentialed-cors-wildcard"]\nexclude = ["old"]\n', encoding="utf-8"
    )
    assert [one.file for one in checked(project).findings] == ["new/config.py"]
    (project / "pyproject.toml").write_text(
        '[tool.fastwright.check]\nselect = ["access"]\n[tool.fastwright.check.per-path]\n"new/*" = ["access"]\n',
        encoding="utf-8",
    )
    assert [one.file for one in checked(project).findings] == ["main.py", "old/config.py"]


def test_a_rule_that_does_not_exist_is_an_error_with_the_nearest_one(project: Path) -> None:
    with pytest.raises(InputError) as caught:
        checked(project, select=("write-in-gets",))
    assert "write-in-get" in caught.value.hint


def test_settings_that_are_not_known_are_an_error(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.fastwright.check]\nselcet = []\n", encoding="utf-8")
    with pytest.raises(InputError, match="selcet"):
        checked(project)


def test_a_baseline_leaves_only_what_is_new_even_if_lines_move(project: Path, tmp_path: Path) -> None:
    baseline = tmp_path / "baseline.json"
    assert checked(project, write_baseline=baseline).clean
    (project / "main.py").write_text("# moved\n\n" + CORS.format(comment=""), encoding="utf-8")
    (project / "config.py").write_text(SECRET, encoding="utf-8")
    result = checked(project, baseline=baseline)
    assert rules(result) == ["hardcoded-secret"]
    assert result.in_baseline == 1


def test_findings_are_narrowed_to_paths_and_to_endpoints(project: Path) -> None:
    (project / "main.py").write_text(
        "from fastapi import FastAPI\nfrom shop import load\n\napp = FastAPI()\n\n\n"
        '@app.get("/a/{x}")\ndef a(x: int):\n    return load(x)\n\n\n@app.get("/ab")\ndef ab():\n    return load(1)\n',
        encoding="utf-8",
    )
    assert [one.endpoint for one in checked(project, under="/a").findings] == ["GET /a/{x}"]
    assert len(checked(project, paths=(project / "main.py",)).findings) == 2
    with pytest.raises(InputError):
        checked(project, paths=(Path("/nowhere"),))


def test_what_cannot_be_read_is_told_and_the_rest_is_checked(project: Path) -> None:
    (project / "broken.py").write_text("def f(:\n", encoding="utf-8")
    (project / "old.py").write_text("import os\nprint 'hello'\n", encoding="utf-8")
    (project / "latin.py").write_bytes(b"X = '\xe9'\n")
    (project / "null.py").write_bytes(b"X = 1\0\n")
    (project / "large.py").write_text("X = 1\n" * 400_000, encoding="utf-8")
    (project / "deep.py").write_text("X = " + "(" * 5000 + ")" * 5000, encoding="utf-8")
    (project / "loop.py").symlink_to("loop.py")
    (project / "again").symlink_to(".")
    result = checked(project)
    assert rules(result) == ["credentialed-cors-wildcard"]
    told = {one.file: one.reason for one in result.unread}
    assert set(told) == {"broken.py", "old.py", "latin.py", "null.py", "large.py", "deep.py", "loop.py"}
    assert "Python 2" in told["old.py"]


def test_what_is_newer_than_our_parser_is_read_where_that_is_safe(project: Path) -> None:
    newer = CORS.format(comment="") + "\ntry:\n    pass\nexcept ValueError, TypeError:\n    pass\n"
    (project / "main.py").write_text(newer, encoding="utf-8")
    result = checked(project)
    assert rules(result) == ["credentialed-cors-wildcard"]
    assert not result.unread


def test_a_second_run_remembers_and_a_change_is_seen(project: Path) -> None:
    first = checked(project)
    second = checked(project)
    assert second.findings == first.findings
    assert list((project.parent / "cache" / "fastwright" / "checks").glob("*.json"))
    (project / "main.py").write_text(SECRET, encoding="utf-8")
    assert rules(checked(project)) == ["hardcoded-secret"]


def test_ruff_tells_what_is_not_ours(project: Path) -> None:
    (project / "main.py").write_text(
        CORS.format(comment="") + "\n\nasync def f() -> str:\n    return open('notice').read()\n", encoding="utf-8"
    )
    found = rules(checked(project, ruff=True))
    assert "credentialed-cors-wildcard" in found
    assert "ruff:ASYNC230" in found


def test_the_terminal_exits_with_one_for_findings_and_two_for_what_cannot_be_read(project: Path) -> None:
    found = fastwright(project, "check", "--static")
    assert found.returncode == 1
    assert "main.py:5" in found.stdout
    clean = fastwright(project, "check", "--static", "--ignore", "credentialed-cors-wildcard")
    assert clean.returncode == 0
    wrong = fastwright(project, "check", "--static", "--select", "nonsense", "--json")
    assert wrong.returncode == 2
    assert "nonsense" in one_object(wrong.stdout)["error"]["message"]


def test_json_has_the_promised_keys(project: Path) -> None:
    data = one_object(fastwright(project, "check", "--static", "--json").stdout)
    (finding,) = data["findings"]
    assert finding.keys() >= {"rule", "severity", "file", "line", "endpoint", "message", "why", "fixable", "certainty"}
