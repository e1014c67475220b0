"""`fastwright add` at the terminal: what can be added, with which options, and what it prints."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fastwright.recipes._catalog import recipes
from tests.apps.corpus import copy, interpreter

PAGE = Path(__file__).resolve().parents[2] / "docs" / "capabilities.md"
DOOR = Path(__file__).parent / "fake_door.py"
PLANNER = {
    "rate-limit": {"path", "limit", "except"},
    "pagination": {"path"},
    "cache": {"path", "ttl"},
    "cors": {"origins"},
    "roles": {"roles"},
    **{name: set[str]() for name in ("auth", "security-headers", "errors", "logging", "health", "metrics")},
}


def fastwright(*arguments: str, directory: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(DOOR), *arguments],
        cwd=directory,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_every_capability_is_listed_with_a_line_that_fits_the_terminal() -> None:
    done = fastwright("add", "--help")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.partition("Commands:")[2].splitlines()
    listed = [line.split()[0] for line in lines if line[2:3].strip()]
    assert listed == sorted(recipes())
    assert not [line for line in done.stdout.splitlines() if len(line) > 80 or line.endswith("...")]


def test_a_capability_tells_its_options_and_what_is_proven() -> None:
    text = fastwright("add", "rate-limit", "--help").stdout
    assert "add rate-limit [OPTIONS] [PATH]" in text
    assert "How often one address may call the endpoints under a path." in text
    assert "--limit N/UNIT" in text
    assert "--except PATH" in text
    assert "PATH: A path as the project writes it" in text


@pytest.mark.parametrize("capability", sorted(PLANNER))
def test_the_arguments_of_a_plan_are_those_of_the_recipe(capability: str) -> None:
    fields = recipes()[capability].wish.model_fields
    assert {field.alias or name for name, field in fields.items()} >= PLANNER[capability]


def test_the_page_has_every_capability_with_what_it_does_and_its_arguments() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name, recipe in recipes().items():
        assert f"| [`{name}`](#{name}) | " in page
        section = page.partition(f"## {name}\n")[2].partition("\n## ")[0]
        assert recipe.about in " ".join(section.split())
        for field in recipe.wish.model_fields.values():
            assert f"| {field.description} |" in section


@pytest.mark.parametrize("capability", ["admin", "api-versioning"])
def test_what_no_recipe_does_is_refused_with_what_can_be_done(capability: str) -> None:
    done = fastwright("add", capability, "--json")
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert error["message"] == f"there is no recipe for {capability}"
    assert error["hint"]


def test_a_misspelling_is_told_what_was_meant() -> None:
    done = fastwright("add", "pagnation")
    assert done.returncode == 2
    assert "did you mean pagination?" in done.stderr


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what a dry run prints as JSON."""
    root = copy("hookrelay", tmp_path_factory.mktemp("door"))
    done = fastwright("add", "cors", "--dry-run", "--json", "--python", str(interpreter("hookrelay")), directory=root)
    assert done.returncode == 0, done.stdout
    return json.loads(done.stdout)


@pytest.mark.slow
def test_json_has_the_promised_keys(answer: dict[str, Any]) -> None:
    assert {
        "change",
        "proof",
        "landed",
        "explanation",
        "already",
        "refusal",
        "diff",
        "journal",
        "access",
        "contract",
    } <= (answer.keys())
    assert (answer["landed"], answer["proof"]["proven"], answer["capability"]) == (False, True, "cors")
    assert answer["change"]["operations"][0]["kind"] == "add_middleware"
    assert {"decisions", "risks", "alternatives", "next_steps"} <= answer["explanation"].keys()


@pytest.mark.slow
def test_people_see_the_plan_first_then_the_proof_and_what_to_watch(tmp_path: Path) -> None:
    root = copy("hookrelay", tmp_path)
    done = fastwright("add", "cors", "--python", str(interpreter("hookrelay")), directory=root)
    assert done.returncode == 0, done.stderr
    assert "add the middleware CORSMiddleware(" in done.stderr
    assert "✓ Proven in " in done.stdout
    assert "To watch\n" in done.stdout
    assert done.stdout.rstrip().endswith("fastwright undo  # takes it back")
