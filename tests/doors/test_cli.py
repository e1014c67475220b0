"""The terminal door: how it starts, how it parses, and how it tells errors."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest
from terminal import fastwright, one_object, tree

HEAVY = ("pydantic", "rich", "jinja2", "yaml", "inflection", "asyncio", "filelock", "platformdirs")


def test_help_starts_fast_since_it_loads_nothing_heavy(tmp_path: Path) -> None:
    code = "import sys; from fastwright.cli import run; run(['--help']); print('LOADED', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    loaded = done.stdout.partition("LOADED")[2].split()
    assert "new" in done.stdout
    assert not set(HEAVY) & set(loaded)


def test_help_costs_less_than_two_hundred_milliseconds(tmp_path: Path) -> None:
    def spent() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    def once() -> float:
        before = spent()
        subprocess.run([sys.executable, "-m", "fastwright", "--help"], cwd=tmp_path, capture_output=True, check=True)
        return spent() - before

    # Of the processor, not of the clock: the machine may be busy with other tests.
    assert min(once() for _attempt in range(5)) < 0.2


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("new", "--help"), ("schema", "--help"), ("--version",)])
def test_asking_for_help_is_no_error(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = fastwright(tmp_path, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert max(len(line) for line in done.stdout.splitlines()) <= 80


@pytest.mark.parametrize(
    "arguments",
    [
        ("new",),
        ("new", "shop", "blog"),
        ("new", "shop", "--bogus"),
        ("new", "shop", "--design"),
        ("bogus",),
        ("new", "shop", "--design", "missing.yaml"),
        ("new", "shop", "--design", "."),
        ("new", "shop", "--design", "a.yaml", "-r", "Post title:str"),
        ("new", "shop", "-r", "Post title:strr"),
        ("new", "shop", "-r", ""),
    ],
)
def test_wrong_usage_is_told_with_a_hint_and_writes_nothing(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    in_words = fastwright(tmp_path, *arguments)
    assert in_words.returncode == 2
    assert in_words.stdout == ""
    assert "hint: " in in_words.stderr
    assert "Traceback" not in in_words.stderr
    as_data = fastwright(tmp_path, *arguments, "--json")
    assert as_data.returncode == 2
    assert one_object(as_data.stdout)["error"]["hint"]
    assert as_data.stderr == ""
    assert tree(tmp_path) == {}


def test_every_problem_of_a_design_is_told_at_its_line(tmp_path: Path) -> None:
    text = "name: shop\nresources:\n  Post:\n    fields:\n      title: strr\n      body: txt\n"
    (tmp_path / "shop.yaml").write_text(text, encoding="utf-8")
    done = fastwright(tmp_path, "new", "shop", "--design", "shop.yaml")
    assert done.returncode == 2
    assert "shop.yaml:5:" in done.stderr
    assert "shop.yaml:6:" in done.stderr
    error = one_object(fastwright(tmp_path, "new", "shop", "--design", "shop.yaml", "--json").stdout)["error"]
    assert [problem["line"] for problem in error["problems"]] == [5, 6]
    assert error["message"] == error["problems"][0]["message"]


def test_a_design_file_gets_the_name_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "shop.yaml").write_text("name: shop\nresources: {Post: {fields: {title: str}}}\n", encoding="utf-8")
    assert fastwright(tmp_path, "new", "market", "--design", "shop.yaml").returncode == 0
    assert (tmp_path / "market/README.md").read_text(encoding="utf-8") == "# market\n"


def test_a_fault_of_ours_is_an_apology_and_no_traceback(tmp_path: Path) -> None:
    done = fastwright(tmp_path, "new", "shop", FAKE_BREAKS="yes")
    assert done.returncode == 70
    assert "sorry" in done.stderr
    assert "--debug" in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(tmp_path) == {}


def test_debug_shows_the_traceback_of_a_fault_of_ours(tmp_path: Path) -> None:
    done = fastwright(tmp_path, "new", "shop", "--debug", "--json", FAKE_BREAKS="yes")
    assert done.returncode == 70
    assert "Traceback" in done.stderr
    assert "a fault of ours" in one_object(done.stdout)["error"]["message"]


def test_the_schema_is_one_json_schema(tmp_path: Path) -> None:
    done = fastwright(tmp_path, "schema")
    assert done.returncode == 0
    assert one_object(done.stdout)["$schema"].startswith("https://json-schema.org/")


def test_the_module_can_be_run(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "fastwright", "--version"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("fastwright 0.")
