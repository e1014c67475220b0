"""`prove` counts statements: what took as many for any number of rows, and takes more now, is found and named."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from terminal import fastwright, one_object

from fastwright.render.prove import as_markdown
from fastwright.verbs.prove import ProveRequest, ProveResult, prove
from tests.apps.corpus import copy, interpreter

LIST = "    return query.order_by(Tool.name).offset(skip).limit(limit).all()\n"
PER_ROW = """    tools = query.order_by(Tool.name).offset(skip).limit(limit).all()
    for tool in tools:
        db.query(Loan).filter(Loan.tool_id == tool.id).count()
    return tools
"""
ONCE_MORE = """    db.query(Loan).count()
    return query.order_by(Tool.name).offset(skip).limit(limit).all()
"""


def changed(app: str, tmp_path: Path, old: str, new: str, file: str = "main.py") -> Path:
    """Return a repository of an app, with a change that nobody has committed."""
    place = copy(app, tmp_path)
    who = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false")
    for command in (("init", "-q"), ("add", "--all"), ("commit", "-q", "-m", "as it was")):
        subprocess.run(["git", *who, *command], cwd=place, check=True, capture_output=True)
    text = (place / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (place / file).write_text(text.replace(old, new), encoding="utf-8")
    return place


def proven(place: Path, app: str, *allow: str) -> ProveResult:
    return prove(ProveRequest(project=place, python=interpreter(app), tests=False, allow=allow))


@pytest.mark.slow
def test_a_query_for_each_row_that_was_not_there_before_is_broken(tmp_path: Path) -> None:
    place = changed("tool_library", tmp_path, LIST, PER_ROW)
    result = proven(place, "tool_library")
    assert result.verdict == "broken"
    assert [step.name for step in result.proof.failures] == ["queries"]
    assert [one.shown for one in result.queries.worse] == ["GET /tools"]
    (tools,) = result.queries.worse
    assert (tools.growth_before, tools.growth_after) == ("constant", "linear")
    assert tools.after[30] - tools.after[3] == 27
    assert "grows with the rows" in as_markdown(result)
    allowed = proven(place, "tool_library", "queries-grow GET /tools")
    assert allowed.verdict != "broken"


@pytest.mark.slow
def test_the_door_exits_with_1_and_shows_both_counts(tmp_path: Path) -> None:
    place = changed("tool_library", tmp_path, LIST, PER_ROW)
    command = ("prove", "--no-tests", "--python", str(interpreter("tool_library")))
    words = fastwright(place, *command)
    assert words.returncode == 1
    assert "GET /tools  1                  4 → 31" in words.stdout
    assert words.stdout.rstrip().endswith("Something worked before and does not now: queries")
    queries = one_object(fastwright(place, *command, "--json").stdout)["queries"]
    assert queries["measured"]
    assert queries["sizes"] == [3, 30]


@pytest.mark.slow
def test_one_statement_more_is_told_and_is_no_fault(tmp_path: Path) -> None:
    result = proven(changed("tool_library", tmp_path, LIST, ONCE_MORE), "tool_library")
    assert result.verdict != "broken"
    (tools,) = [one for one in result.queries.endpoints if one.differs]
    assert (tools.before[30], tools.after[30]) == (1, 2)


@pytest.mark.slow
def test_an_app_without_an_engine_says_so(tmp_path: Path) -> None:
    old = "app = FastAPI("
    result = proven(changed("hookrelay", tmp_path, old, f"# {old}\n{old}", "relay/main.py"), "hookrelay")
    assert not result.queries.measured
    assert "no SQLAlchemy engine" in result.absent["queries"]
