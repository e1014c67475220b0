"""`undo` at the terminal: what it takes back, what it lists, what it refuses, and its JSON."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from terminal import fastwright, one_object, tree

from fastwright.proof.copying import copy_project
from fastwright.proof.journal import land_edits

MAIN = "one\ntwo\nthree\nfour\nfive\nsix\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    (project / "app").mkdir(parents=True)
    (project / "app/main.py").write_text(MAIN, encoding="utf-8")
    return project


def change(project: Path, edit: Callable[[Path], object], summary: str = "a change") -> str:
    with copy_project(project) as copy:
        edit(copy.project)
        return land_edits(project, copy.edits(), summary=summary)


def replace(old: str, new: str) -> Callable[[Path], object]:
    def edit(project: Path) -> None:
        path = project / "app/main.py"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    return edit


def files(project: Path) -> dict[str, str]:
    return {path: text for path, text in tree_without_journal(project).items() if text != "<directory>"}


def tree_without_journal(project: Path) -> dict[str, str]:
    return {path: text for path, text in tree(project).items() if not path.startswith(".fastwright")}


def undo(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return fastwright(project, "undo", *arguments)


def test_the_last_change_is_taken_back_and_then_the_one_before(project: Path) -> None:
    first = tree_without_journal(project)
    change(project, replace("two", "2"), "first")
    second = tree_without_journal(project)
    change(project, lambda copy: (copy / "app/new.py").write_text("new\n", encoding="utf-8"), "second")
    done = undo(project)
    assert done.returncode == 0
    assert "Taken back: second" in done.stdout
    assert "- app/new.py" in done.stdout
    assert tree_without_journal(project) == second
    assert undo(project).returncode == 0
    assert tree_without_journal(project) == first
    nothing = undo(project)
    assert (nothing.returncode, "no change to take back" in nothing.stderr) == (2, True)


def test_several_are_taken_back_at_once_in_order(project: Path) -> None:
    before = tree_without_journal(project)
    first = change(project, replace("two", "2"), "first")
    change(project, replace("2", "two and more"), "second")
    change(project, lambda copy: (copy / "new").mkdir(), "third")
    done = undo(project, first, "--json")
    data = one_object(done.stdout)
    assert [one["summary"] for one in data["changes"]] == ["third", "second", "first"]
    assert tree_without_journal(project) == before


def test_the_journal_is_listed(project: Path) -> None:
    assert "Nothing has been landed" in undo(project, "--list").stdout
    change(project, replace("two", "2"), "first")
    last = change(project, replace("three", "3"), "second")
    undo(project)
    listed = one_object(undo(project, "--list", "--json").stdout)["changes"]
    assert [(one["summary"], one["status"]) for one in listed] == [
        ("undo second", "undo"),
        ("second", "undone"),
        ("first", "landed"),
    ]
    assert listed[1]["id"] == last
    assert listed[1]["files"] == [{"path": "app/main.py", "kind": "changed"}]
    assert "second" in undo(project, "--list").stdout


def test_a_dry_run_shows_the_lines_and_changes_nothing(project: Path) -> None:
    change(project, replace("two", "2"))
    before = tree(project)
    done = undo(project, "--dry-run")
    assert "-2\n+two" in done.stdout
    assert not one_object(undo(project, "--dry-run", "--json").stdout)["landed"]
    assert tree(project) == before


def test_what_was_edited_since_is_listed_and_nothing_is_taken_back(project: Path) -> None:
    def edit(copy: Path) -> None:
        replace("two", "2")(copy)
        (copy / "app/new").mkdir()
        (copy / "app/new/file.py").touch()

    change(project, edit)
    replace("five", "5")(project)
    (project / "app/new/mine.py").write_text("mine", encoding="utf-8")
    before = tree(project)
    done = undo(project, "--json")
    error = one_object(done.stdout)["error"]
    assert done.returncode == 2
    assert "app/main.py, app/new/mine.py" in error["message"]
    assert "--keep-edits" in error["hint"]
    assert tree(project) == before


def test_edits_elsewhere_in_the_file_are_kept_if_that_is_asked_for(project: Path) -> None:
    def edit(copy: Path) -> None:
        replace("two", "2\n2b")(copy)
        (copy / "app/new").mkdir()
        (copy / "app/new/file.py").touch()

    change(project, edit)
    replace("five", "5")(project)
    (project / "app/new/mine.py").write_text("mine", encoding="utf-8")
    done = undo(project, "--keep-edits")
    assert done.returncode == 0
    assert "kept: your edits in app/main.py" in done.stdout
    assert files(project) == {"app/main.py": MAIN.replace("five", "5"), "app/new/mine.py": "mine"}


def test_edits_on_the_lines_of_the_change_itself_are_never_taken_back(project: Path) -> None:
    change(project, replace("two", "2"))
    replace("2", "2 and mine")(project)
    before = tree(project)
    done = undo(project, "--keep-edits")
    assert done.returncode == 2
    assert "app/main.py" in done.stderr
    assert tree(project) == before


def test_edits_in_other_files_are_no_hindrance(project: Path) -> None:
    change(project, replace("two", "2"))
    (project / "app/other.py").write_text("mine", encoding="utf-8")
    assert undo(project).returncode == 0
    assert files(project) == {"app/main.py": MAIN, "app/other.py": "mine"}


def test_what_was_put_back_by_hand_counts_as_taken_back(project: Path) -> None:
    change(project, replace("two", "2"))
    replace("2", "two")(project)
    assert undo(project).returncode == 0
    assert undo(project).returncode == 2
    assert files(project) == {"app/main.py": MAIN}


def test_caches_in_a_directory_of_the_change_go_with_it(project: Path) -> None:
    def edit(copy: Path) -> None:
        (copy / "app/new").mkdir()
        (copy / "app/new/__init__.py").touch()

    change(project, edit)
    (project / "app/new/__pycache__").mkdir()
    (project / "app/new/__pycache__/__init__.cpython-311.pyc").touch()
    assert undo(project).returncode == 0
    assert not (project / "app/new").exists()


def test_names_that_no_terminal_can_show_are_escaped(project: Path) -> None:
    name = os.fsdecode(b"caf\xe9\n.py")
    change(project, lambda copy: (copy / name).touch())
    assert one_object(undo(project, "--list", "--json").stdout)["changes"][0]["files"][0]["path"] == "caf\\xe9\\n.py"
    done = undo(project)
    assert "- caf\\xe9\\n.py" in done.stdout
    assert files(project) == {"app/main.py": MAIN}


@pytest.mark.parametrize("arguments", [(), ("0001",), ("--list", "--project", "missing"), ("--project", "missing")])
def test_where_nothing_can_be_taken_back_nothing_is_written(project: Path, arguments: tuple[str, ...]) -> None:
    before = tree(project)
    done = undo(project, *arguments, "--json")
    assert done.returncode == 2
    assert one_object(done.stdout)["error"]["hint"]
    assert tree(project) == before


def test_a_change_that_is_not_there_is_told(project: Path) -> None:
    change(project, replace("two", "2"))
    done = undo(project, "0007")
    assert done.returncode == 2
    assert "--list" in done.stderr


def test_a_landing_that_was_killed_is_ended_before_anything_is_listed(project: Path) -> None:
    entry = change(project, replace("two", "2"))
    after = tree_without_journal(project)
    (project / ".fastwright/journal" / entry / "done").rename(project / ".fastwright/landing")
    (project / "app/main.py").write_text(MAIN, encoding="utf-8")
    assert "a change" in undo(project, "--list").stdout
    assert tree_without_journal(project) == after


def test_a_landing_that_was_killed_is_ended_before_a_map_is_drawn(project: Path) -> None:
    app = "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/{0}')\ndef read():\n    return 1\n"
    (project / "app/main.py").write_text(app.format("old"), encoding="utf-8")
    entry = change(project, replace("/old", "/new"))
    (project / ".fastwright/journal" / entry / "done").rename(project / ".fastwright/landing")
    (project / "app/main.py").write_text(app.format("old"), encoding="utf-8")
    assert "/new" in fastwright(project, "map", "--static").stdout
    assert "/new" in (project / "app/main.py").read_text(encoding="utf-8")
