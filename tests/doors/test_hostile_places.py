"""Places where nothing can land: exit code 2, a reason, something to try, and nothing written."""

from __future__ import annotations

import contextlib
import os
import resource
import subprocess
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from terminal import fastwright, one_object, start, tree


def _not_empty(place: Path) -> None:
    (place / "shop").mkdir()
    (place / "shop/mine.txt").write_text("mine", encoding="utf-8")


def _file(place: Path) -> None:
    (place / "shop").write_text("mine", encoding="utf-8")


def _dangling_link(place: Path) -> None:
    (place / "shop").symlink_to("nowhere")


def _link_to_a_directory(place: Path) -> None:
    (place / "elsewhere").mkdir()
    (place / "shop").symlink_to("elsewhere")


@pytest.mark.parametrize("make", [_not_empty, _file, _dangling_link, _link_to_a_directory])
@pytest.mark.parametrize("extra", [(), ("--dry-run",)])
def test_a_taken_target_is_left_alone(tmp_path: Path, make: Callable[[Path], None], extra: tuple[str, ...]) -> None:
    make(tmp_path)
    before = tree(tmp_path)
    done = fastwright(tmp_path, "new", "shop", "--json", *extra)
    assert done.returncode == 2
    assert "shop" in one_object(done.stdout)["error"]["message"]
    assert one_object(done.stdout)["error"]["hint"]
    assert tree(tmp_path) == before


@pytest.mark.parametrize("parent", ["missing", "missing/deeper", "file", "file/below", "dangling"])
def test_a_parent_that_is_no_directory_is_refused(tmp_path: Path, parent: str) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    (tmp_path / "dangling").symlink_to("nowhere")
    before = tree(tmp_path)
    done = fastwright(tmp_path, "new", "shop", "--directory", parent)
    assert done.returncode == 2
    assert "is not a directory" in done.stderr
    assert tree(tmp_path) == before


@pytest.mark.parametrize("name", ["../shop", "a/b", "/tmp/shop", "..", ".", "", "Shop", "shöp", "shop\n", "-x"])
def test_a_name_that_is_a_path_or_no_name_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "here").mkdir()
    done = fastwright(tmp_path / "here", "new", "--json", "--", name)
    assert done.returncode == 2
    assert tree(tmp_path) == {"here": "<directory>"}


@contextlib.contextmanager
def mounted(place: Path, options: str) -> Generator[None]:
    """Mount an empty file system at `place`, or skip the test where that is not allowed."""
    mount = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_a_read_only_file_system_is_refused(tmp_path: Path) -> None:
    with mounted(tmp_path, "ro"):
        done = fastwright(tmp_path, "new", "shop")
        assert done.returncode == 2
        assert "cannot be written to" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_parent_without_permission_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    done = fastwright(tmp_path, "new", "shop")
    tmp_path.chmod(0o755)
    assert done.returncode == 2
    assert "cannot be written to" in done.stderr
    assert tree(tmp_path) == {}


def test_a_full_disk_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    with mounted(tmp_path, "size=64k"):
        done = fastwright(tmp_path, "new", "shop")
        assert done.returncode == 2
        assert "No space left" in done.stderr
        assert "--directory" in done.stderr
        assert tree(tmp_path) == {}


def test_a_limit_on_file_sizes_is_told_and_nothing_is_left(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with start(tmp_path, "new", "shop") as process:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            _out, err = process.communicate(timeout=30)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert process.returncode == 2
    assert "cannot be written" in err
    assert tree(tmp_path) == {}
