"""Land, undo or recover in a process of its own, which can be told to kill itself just before its Nth write.

    journal_driver.py land|undo|recover PROJECT [WANTED] [N]

`WANTED` is the tree that the project is to become. At the end the number of writes is printed.
"""

from __future__ import annotations

import os
import shutil
import signal
import stat
import sys
from pathlib import Path

from fastwright.proof.copying import copy_project
from fastwright.proof.journal import land_edits, recover
from fastwright.verbs.undo import UndoRequest, undo

Tree = dict[str, tuple[str, int, bytes]]
WRITES = frozenset(
    {
        "os.rename",
        "os.remove",
        "os.mkdir",
        "os.rmdir",
        "os.chmod",
        "os.chown",
        "os.utime",
        "os.symlink",
        "shutil.rmtree",
    }
)
HARD = signal.SIGKILL


def tree(root: Path) -> Tree:
    """Return everything below `root` but the journal, with modes and contents."""
    found: Tree = {}
    for directory, names, files in os.walk(root):
        for name in (*names, *files):
            path = Path(directory) / name
            mode = path.lstat().st_mode
            content = b"" if stat.S_ISDIR(mode) else path.read_bytes() if not path.is_symlink() else b""
            if path.is_symlink():
                content = os.fsencode(path.readlink())
            kind = "directory" if stat.S_ISDIR(mode) else "link" if stat.S_ISLNK(mode) else "file"
            relative = os.path.relpath(path, root)
            if relative.split("/")[0] != ".fastwright":
                found[relative] = (kind, stat.S_IMODE(mode), content)
    return found


def become(project: Path, wanted: Path) -> None:
    """Make `project` look like `wanted`."""
    for path in project.iterdir():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    shutil.copytree(wanted, project, symlinks=True, dirs_exist_ok=True)


def land(root: Path, wanted: Path, summary: str = "a change") -> str:
    """Land on `root` what makes `wanted` of it."""
    with copy_project(root) as copy:
        become(copy.project, wanted)
        return land_edits(root, copy.edits(), summary=summary)


class Writes:
    """Counts the writes below a directory, and kills this process just before one of them."""

    def __init__(self, root: Path, last: int) -> None:
        self.count = 0
        self._root = str(root.resolve())
        self._last = last

    def __call__(self, event: str, arguments: tuple[object, ...]) -> None:
        if event not in WRITES and not (event == "open" and self._is_writing(arguments)):
            return
        if arguments and self._is_below(arguments[0]):
            self.count += 1
            if self.count == self._last:
                os.kill(os.getpid(), HARD)

    def _is_writing(self, arguments: tuple[object, ...]) -> bool:
        return isinstance(arguments[2], int) and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR))

    def _is_below(self, path: object) -> bool:
        return isinstance(path, (str, Path)) and str(path).startswith(self._root)


def main() -> None:
    action, root, rest = sys.argv[1], Path(sys.argv[2]), sys.argv[3:]
    writes = Writes(root, int(rest[1]) if len(rest) > 1 else 0)
    sys.addaudithook(writes)
    if action == "land":
        land(root, Path(rest[0]))
    elif action == "undo":
        undo(UndoRequest(project=root))
    else:
        recover(root)
    print(writes.count)


if __name__ == "__main__":
    main()
