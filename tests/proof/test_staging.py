"""Stages: what is a leftover, what is in use, and what happens when the place is taken meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from fastwright.errors import InputError
from fastwright.proof.landing import land
from fastwright.proof.staging import staged

LEFTOVER = ".shop.fastwright-0123abcd"


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_a_leftover_of_the_same_target_is_removed(tmp_path: Path) -> None:
    (tmp_path / LEFTOVER / "project").mkdir(parents=True)
    (tmp_path / LEFTOVER / "lock").touch()
    (tmp_path / ".shop.fastwright-00000000").mkdir()  # killed before it could lock
    with staged(tmp_path / "shop"):
        assert LEFTOVER not in names(tmp_path)
    assert names(tmp_path) == []


def test_what_only_looks_like_a_leftover_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/file").touch()
    (tmp_path / LEFTOVER).symlink_to("mine")
    (tmp_path / ".shop.fastwright-notes").mkdir()
    (tmp_path / ".blog.fastwright-0123abcd").mkdir()
    (tmp_path / ".shop.fastwright-00000000").touch()
    before = names(tmp_path)
    with staged(tmp_path / "shop"):
        pass
    assert names(tmp_path) == before
    assert names(tmp_path / "mine") == ["file"]


def test_a_stage_in_use_is_neither_removed_nor_raced(tmp_path: Path) -> None:
    with staged(tmp_path / "shop") as first:
        with pytest.raises(InputError, match="another run"), staged(tmp_path / "shop"):
            pass
        assert first.project.is_dir()
        with staged(tmp_path / "blog"):
            pass
    assert names(tmp_path) == []


def test_a_target_that_was_taken_while_the_proof_ran_is_left_alone(tmp_path: Path) -> None:
    with staged(tmp_path / "shop") as stage:
        (stage.project / "ours").touch()
        (tmp_path / "shop").mkdir()
        (tmp_path / "shop/theirs").touch()
        with pytest.raises(InputError, match="not empty") as caught:
            land(stage)
    assert caught.value.hint
    assert names(tmp_path) == ["shop"]
    assert names(tmp_path / "shop") == ["theirs"]


def test_the_rename_itself_refuses_a_place_that_was_taken_in_the_last_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with staged(tmp_path / "shop") as stage:
        (stage.project / "ours").touch()
        (tmp_path / "shop").mkdir()
        (tmp_path / "shop/theirs").touch()
        monkeypatch.setattr("fastwright.proof.landing.check_target", Path.absolute)  # sees nothing wrong
        with pytest.raises(InputError, match="was taken"):
            land(stage)
    assert names(tmp_path / "shop") == ["theirs"]


def test_the_parent_may_be_reached_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    with staged(tmp_path / "link" / "shop") as stage:
        (stage.project / "ours").touch()
        land(stage)
    assert names(tmp_path / "real") == ["shop"]
