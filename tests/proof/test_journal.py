"""Landing on a project that exists: what is copied, lands and is refused, and that `undo` gives all of it back."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from journal_driver import land, tree

from fastwright.errors import InputError
from fastwright.proof import records
from fastwright.proof.copying import copy_project
from fastwright.proof.edits import Edits
from fastwright.proof.journal import land_edits, recover
from fastwright.proof.records import entry_ids, landed_entries, landing_of
from fastwright.proof.undoing import plan_undo, standing, undo


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "app").mkdir(parents=True)
    (root / "app/main.py").write_text("one\ntwo\nthree\nfour\nfive\n", encoding="utf-8")
    (root / "app/old.py").write_text("old\n", encoding="utf-8")
    return root


def change(root: Path, edit: Callable[[Path], object], summary: str = "a change") -> str:
    with copy_project(root) as copy:
        edit(copy.project)
        return land_edits(root, copy.edits(), summary=summary)


def take_back(root: Path, change: str | None = None, *, keep_edits: bool = False) -> str:
    return undo(root, plan_undo(root, change, keep_edits=keep_edits))


def edit_main(project: Path) -> None:
    text = (project / "app/main.py").read_text(encoding="utf-8")
    (project / "app/main.py").write_text(text.replace("two", "2"), encoding="utf-8")


def edit_much(project: Path) -> None:
    edit_main(project)
    (project / "app/old.py").unlink()
    (project / "app/new").mkdir()
    (project / "app/new/deep.py").write_text("deep\n", encoding="utf-8")


# What is copied


def test_the_copy_has_what_the_project_has_and_nothing_of_others(root: Path) -> None:
    for name in (".git", ".venv", "node_modules", "__pycache__", ".ruff_cache"):
        (root / name).mkdir()
        (root / name / "file").touch()
    (root / "env").mkdir()
    (root / "env/pyvenv.cfg").touch()
    (root / "empty").mkdir()
    (root / "app/main.py").chmod(0o755)
    with copy_project(root) as copy:
        assert sorted(tree(copy.project)) == ["app", "app/main.py", "app/old.py", "empty"]
        assert tree(copy.project)["app/main.py"] == tree(root)["app/main.py"]
        assert not copy.edits()
        place = copy.stage.root
    assert not place.exists()
    assert not (root / ".fastwright").exists()


def test_large_data_and_what_is_no_file_are_listed(root: Path) -> None:
    with (root / "data.bin").open("wb") as file:
        file.truncate(6_000_000)
    os.mkfifo(root / "pipe")
    with copy_project(root) as copy:
        assert [one.describe() for one in copy.left_out] == [
            "data.bin: 6.0 MB of data",
            "pipe: neither a file nor a directory",
        ]
        assert not (copy.project / "data.bin").exists()


def test_links_never_lead_out_of_the_copy(root: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    (root / "out").symlink_to(tmp_path / "secret")
    (root / "out_too").symlink_to("../secret")
    (root / "round").symlink_to("round")
    (root / "up").symlink_to(".")
    (root / "inside").symlink_to("app/main.py")
    (root / "app/absolute").symlink_to(root / "app/old.py")
    (root / "app/roundabout").symlink_to("../../project/app/old.py")
    with copy_project(root) as copy:
        assert sorted(one.path for one in copy.left_out) == ["out", "out_too"]
        for name in ("inside", "app/absolute", "app/roundabout"):
            link = copy.project / name
            assert link.resolve().is_relative_to(copy.project)
            link.write_text("written in the copy", encoding="utf-8")
        assert (root / "app/old.py").read_text(encoding="utf-8") == "old\n"
        assert {edit.path for edit in copy.edits()} == {"app/main.py", "app/old.py"}


def test_an_edit_that_leads_out_of_the_project_cannot_land(root: Path) -> None:
    with pytest.raises(InputError, match="leads out of the project"):
        change(root, lambda project: (project / "link").symlink_to("/etc/passwd"))


# Landing, and back


def test_what_lands_is_what_was_staged_and_undo_gives_all_of_it_back(root: Path) -> None:
    before = tree(root)
    change(root, edit_much)
    after = tree(root)
    assert sorted(after) == ["app", "app/main.py", "app/new", "app/new/deep.py"]
    take_back(root)
    assert tree(root) == before
    assert not standing(root)


def test_modes_times_line_ends_odd_names_and_empty_directories_come_back(root: Path) -> None:
    odd = os.fsdecode(b'app/caf\xe9 "\n.py')
    (root / odd).write_bytes(b"one\r\ntwo\r\n\xff\x00")
    (root / odd).chmod(0o640)
    os.utime(root / odd, ns=(10**18, 10**18))
    (root / "empty/deeper").mkdir(parents=True)
    (root / "empty").chmod(0o2750)
    (root / "run").write_text("#!/bin/sh\n", encoding="utf-8")
    before = tree(root)

    def edit(project: Path) -> None:
        (project / odd).write_bytes(b"one\r\n2\r\n")
        (project / "run").chmod(0o755)
        shutil.rmtree(project / "empty")
        (project / "bare").mkdir(mode=0o711)
        (project / os.fsdecode(b"app/\xe9new")).write_text("new\r\n", encoding="utf-8", newline="")

    change(root, edit)
    assert (root / odd).read_bytes() == b"one\r\n2\r\n"
    assert (root / odd).stat().st_mode & 0o777 == 0o640
    assert (root / "run").stat().st_mode & 0o777 == 0o755
    take_back(root)
    assert tree(root) == before
    assert (root / odd).stat().st_mtime_ns == 10**18


def test_directories_turn_into_files_and_files_into_directories(root: Path) -> None:
    (root / "package/deep").mkdir(parents=True)
    (root / "package/deep/file").touch()
    (root / "module").touch()
    before = tree(root)

    def edit(project: Path) -> None:
        shutil.rmtree(project / "package")
        (project / "package").write_text("a file now", encoding="utf-8")
        (project / "module").unlink()
        (project / "module/deep").mkdir(parents=True)
        (project / "module/deep/file").write_text("deep", encoding="utf-8")

    change(root, edit)
    assert (root / "module/deep/file").read_text(encoding="utf-8") == "deep"
    assert (root / "package").is_file()
    take_back(root)
    assert tree(root) == before


def test_owners_stay(root: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root gives files away")
    os.chown(root / "app/main.py", 1234, 1234)
    change(root, edit_main)
    assert (root / "app/main.py").stat().st_uid == 1234


def test_without_edits_nothing_happens(root: Path) -> None:
    assert change(root, lambda _project: None) == ""
    assert not (root / ".fastwright").exists()


def test_the_journal_is_private_and_ignores_itself(root: Path) -> None:
    subprocess.run(["git", "init", "-q", str(root)], check=True)
    change(root, edit_main)
    done = subprocess.run(["git", "status", "--porcelain"], cwd=root, check=True, capture_output=True, text=True)
    assert done.stdout == "?? app/\n"
    assert (root / ".fastwright").stat().st_mode & 0o777 == 0o700


def test_the_diff_is_one_that_git_applies(root: Path) -> None:
    (root / "with space.txt").write_text("no end of line", encoding="utf-8")
    (root / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"a\r\nb\x0cc\r\n")
    other = root.parent / "other"
    shutil.copytree(root, other)

    def edit(project: Path) -> None:
        edit_much(project)
        (project / "with space.txt").write_text("another", encoding="utf-8")
        (project / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"a\r\nB\x0cc\r\n")
        (project / "app/old.py").write_text("", encoding="utf-8")
        (project / "app/main.py").chmod(0o755)

    with copy_project(root) as copy:
        edit(copy.project)
        edits = copy.edits()
    subprocess.run(["git", "apply", "-"], cwd=other, input=edits.diff().encode(), check=True)
    land_edits(root, edits, summary="a change")
    assert tree(other) == tree(root)


# What is refused


def _write(root: Path) -> None:
    (root / "app/main.py").write_text("mine", encoding="utf-8")


def _close(root: Path) -> None:
    (root / "app/main.py").chmod(0o600)


def _remove(root: Path) -> None:
    (root / "app/old.py").unlink()


def _take_the_place(root: Path) -> None:
    (root / "app/new").mkdir()


def _add(root: Path) -> None:
    (root / "unrelated.py").touch()


@pytest.mark.parametrize("meanwhile", [_write, _close, _remove, _take_the_place, _add])
def test_a_project_that_was_changed_in_the_meantime_is_left_alone(
    root: Path, meanwhile: Callable[[Path], None]
) -> None:
    with copy_project(root) as copy:
        edit_much(copy.project)
        edits = copy.edits()
        meanwhile(root)
        before = tree(root)
        with pytest.raises(InputError, match="changed in the meantime") as caught:
            land_edits(root, edits, summary="a change")
    assert caught.value.hint
    assert tree(root) == before
    assert not (root / ".fastwright").exists()


def test_the_data_of_a_running_app_may_change_meanwhile(root: Path) -> None:
    (root / "app.db").write_text("rows", encoding="utf-8")
    with copy_project(root) as copy:
        edit_main(copy.project)
        (root / "app.db").write_text("more rows", encoding="utf-8")
        (root / "app.log").write_text("a line", encoding="utf-8")
        (root / "app/__pycache__").mkdir()
        assert land_edits(root, copy.edits(), summary="a change")
    assert (root / "app.db").read_text(encoding="utf-8") == "more rows"


def test_a_directory_that_became_a_link_is_not_written_through(root: Path, tmp_path: Path) -> None:
    change(root, edit_main)
    (root / "app").rename(tmp_path / "elsewhere")
    (root / "app").symlink_to(tmp_path / "elsewhere")
    before = tree(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="link"):
        take_back(root)
    assert tree(tmp_path / "elsewhere") == before


def test_a_file_without_any_right_to_write_is_not_replaced_by_root_either(root: Path) -> None:
    (root / "app/main.py").chmod(0o444)
    before = tree(root)
    with pytest.raises(InputError, match=r"read-only.*app/main\.py"):
        change(root, edit_main)
    assert tree(root) == before


@pytest.fixture
def immutable(root: Path) -> Generator[Path]:
    path = root / "app/main.py"
    if shutil.which("chattr") is None or subprocess.run(["chattr", "+i", str(path)], check=False).returncode:
        pytest.skip("no file can be made immutable here")
    yield path
    subprocess.run(["chattr", "-i", str(path)], check=True)


def test_an_immutable_file_is_found_before_anything_is_written(root: Path, immutable: Path) -> None:
    before = tree(root)
    with pytest.raises(InputError, match=r"read-only.*app/main\.py"):
        change(root, edit_much)
    assert tree(root) == before
    assert not (root / ".fastwright").exists()


def test_what_fails_in_the_middle_is_brought_back(root: Path, immutable: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = tree(root)

    def find_nothing(_root: Path, _edits: Edits, *, trusting: bool) -> None:
        assert not trusting

    monkeypatch.setattr("fastwright.proof.journal.check_writable", find_nothing)
    with pytest.raises(InputError, match="nothing was changed"):
        change(root, edit_much)
    assert tree(root) == before
    assert not (root / ".fastwright").exists()


def test_an_edit_of_the_last_moment_is_not_overwritten(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit = records.commit

    def commit_and_edit(entry: records.Entry, direction: records.Direction) -> None:
        commit(entry, direction)
        (root / "app/main.py").write_text("mine", encoding="utf-8")

    before = tree(root)
    monkeypatch.setattr(records, "commit", commit_and_edit)
    with pytest.raises(InputError, match=r"app/main\.py was changed"):
        change(root, edit_much)
    assert tree(root) == {**before, "app/main.py": ("file", before["app/main.py"][1], b"mine")}
    assert not landing_of(root).exists()


# Several runs


def test_of_two_landings_from_one_base_only_the_first_lands(root: Path) -> None:
    with copy_project(root) as one, copy_project(root) as two:
        edit_main(one.project)
        (two.project / "app/other.py").write_text("other", encoding="utf-8")
        first, second = one.edits(), two.edits()
        land_edits(root, first, summary="first")
        with pytest.raises(InputError, match="changed in the meantime"):
            land_edits(root, second, summary="second")
    assert len(entry_ids(root)) == 1


def test_only_the_newest_changes_are_kept_and_they_can_be_taken_back(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fastwright.proof.journal.KEPT", 2)
    names = [change(root, lambda place, n=number: (place / f"new_{n}.py").write_text("1\n")) for number in range(4)]
    assert entry_ids(root) == names[2:]
    assert sorted(path.name for path in (root / ".fastwright/journal").iterdir()) == names[2:]
    take_back(root)
    take_back(root)
    assert not (root / "new_2.py").exists()
    assert (root / "new_1.py").exists()
    with pytest.raises(InputError, match="no change to take back"):
        take_back(root)


def test_what_a_kill_left_of_an_old_entry_goes_with_the_next_landing(root: Path) -> None:
    change(root, edit_main)
    half = root / ".fastwright/journal/gone-0000-abcd"
    half.mkdir()
    (half / "intent.json").write_text("{", encoding="utf-8")
    change(root, lambda place: (place / "new.py").write_text("1\n"))
    assert not half.exists()
    assert len(entry_ids(root)) == 2


def test_landings_at_once_wait_for_each_other(root: Path) -> None:
    failures: list[Exception] = []

    def once(number: int) -> None:
        for _try in range(200):
            try:
                change(root, lambda project: (project / f"file_{number}").touch(), f"file {number}")
            except InputError as error:
                if "changed" not in error.message:
                    failures.append(error)
            else:
                return

    threads = [threading.Thread(target=once, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert sorted(entry.summary for entry in landed_entries(root)) == [f"file {number}" for number in range(6)]
    assert len({entry.id.partition("-")[0] for entry in landed_entries(root)}) == 6
    assert {f"file_{number}" for number in range(6)} < set(tree(root))


def test_who_waits_too_long_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "LOCK_SECONDS", 0.1)
    with records.locked(root), pytest.raises(InputError, match="another run"):
        change(root, edit_main)


# Journals that are not what they should be


def test_a_journal_that_came_with_the_project_writes_nothing_outside_of_it(root: Path, tmp_path: Path) -> None:
    entry_id = change(root, edit_main)
    intent = root / ".fastwright/journal" / entry_id / "intent.json"
    for path in ("../evil", "/tmp/evil", ".git/hooks/post-commit", ".venv/evil", "app/../../evil"):
        intent.write_text(intent.read_text(encoding="utf-8").replace("app/main.py", path), encoding="utf-8")
        shutil.copy(intent.parent / "back", root / ".fastwright/landing")
        with pytest.raises(InputError) as caught:
            recover(root)
        assert caught.value.hint
        intent.write_text(intent.read_text(encoding="utf-8").replace(path, "app/main.py"), encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["project"]


@pytest.mark.parametrize("name", [".fastwright", ".fastwright/journal", ".fastwright/journal/0001-abcd"])
def test_a_journal_that_leads_elsewhere_removes_nothing_there(root: Path, tmp_path: Path, name: str) -> None:
    mine = tmp_path / "mine"
    for directory in ("journal/0001-abcd", "0001-abcd", "letters"):
        (mine / directory).mkdir(parents=True)
        (mine / directory / "file").touch()
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).symlink_to(mine)
    before = tree(mine)
    assert recover(root) is None
    with contextlib.suppress(InputError):
        change(root, edit_main)
    assert tree(mine) == before


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"id": "../..", "direction": "back"}', "\0"])
def test_a_record_that_cannot_be_read_is_told_and_nothing_is_done(root: Path, content: str) -> None:
    change(root, edit_main)
    landing_of(root).write_text(content, encoding="utf-8")
    before = tree(root)
    with pytest.raises(InputError, match="landing cannot be read") as caught:
        recover(root)
    assert "remove" in caught.value.hint
    assert tree(root) == before


def test_contents_of_the_journal_that_were_changed_are_not_put_back(root: Path) -> None:
    entry_id = change(root, edit_main)
    for content in (root / ".fastwright/journal" / entry_id / "contents").iterdir():
        content.write_text("something else", encoding="utf-8")
    before = tree(root)
    with pytest.raises(InputError, match="cannot be read"):
        take_back(root)
    assert tree(root) == before


def test_a_file_in_the_place_of_the_journal_is_told(root: Path) -> None:
    (root / ".fastwright").symlink_to(root.parent)
    with pytest.raises(InputError, match="not a directory"):
        change(root, edit_main)


def test_a_recovery_never_overwrites_what_was_edited_since(root: Path, tmp_path: Path) -> None:
    wanted = tmp_path / "wanted"
    shutil.copytree(root, wanted)
    edit_much(wanted)
    entry_id = land(root, wanted)
    after = tree(root)
    (root / ".fastwright/journal" / entry_id / "done").rename(landing_of(root))
    (root / "app/main.py").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"app/main\.py was changed") as caught:
        recover(root)
    assert "move that file aside" in caught.value.hint
    assert (root / "app/main.py").read_text(encoding="utf-8") == "mine"
    (root / "app/main.py").unlink()
    assert recover(root)
    assert tree(root) == after
