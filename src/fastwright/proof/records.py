"""The journal on the disk: what was landed, with all that it takes to end a landing or to take it back.

.fastwright/landing              there while files are being renamed: which change, and in which direction
.fastwright/journal/0007-5f3a/
    intent.json  contents/       the edits; both sides of every file, by digest
    forward  back                the two records, one of which becomes `landing`
    done                         it has landed
"""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal, cast

from fastwright.errors import InputError
from fastwright.proof.edits import Edit, Edits
from fastwright.proof.states import State, flush, is_real_directory, shown
from fastwright.proof.tree import JOURNAL, check_path

Direction = Literal["forward", "back"]
DIRECTIONS: tuple[Direction, Direction] = ("forward", "back")
LOCK_SECONDS = 30.0
_POLL_SECONDS = 0.02
_FORMAT = 1
_GONE = "gone-"
_ENTRY = re.compile(r"[0-9]{4,}-[0-9a-f]{4}")


@dataclass(frozen=True)
class Entry:
    """One change in the journal, below `root`; `undoes` names the changes that it took back."""

    root: Path
    id: str
    summary: str
    time: str
    undoes: tuple[str, ...]
    edits: Edits

    @property
    def directory(self) -> Path:
        return entries_of(self.root) / self.id


def home_of(root: Path) -> Path:
    return root / JOURNAL


def entries_of(root: Path) -> Path:
    return home_of(root) / "journal"


def landing_of(root: Path) -> Path:
    """Return the record that is there exactly while the tree may be between two states."""
    return home_of(root) / "landing"


def entry_ids(root: Path) -> list[str]:
    """Return the names of all entries, the oldest first, with those that never landed.

    What is not ours is no entry: a journal can have come with the project, and lead to somewhere else.
    """
    entries = entries_of(root)
    if not (is_real_directory(entries.parent) and is_real_directory(entries)):
        return []
    names = (path.name for path in entries.iterdir() if _ENTRY.fullmatch(path.name) and is_real_directory(path))
    return sorted(names, key=_order)


def is_done(root: Path, entry_id: str) -> bool:
    return (entries_of(root) / entry_id / "done").is_file()


def generation(root: Path) -> tuple[object, ...]:
    """Return what changes as soon as anything lands: if it is equal before and after, one state was read.

    Every record leaves its time on the directory, so that a landing that failed is seen, too.
    """
    try:
        changed = home_of(root).stat().st_mtime_ns
    except FileNotFoundError:
        changed = 0
    return (changed, landing_of(root).exists(), *(name for name in entry_ids(root) if is_done(root, name)))


@contextlib.contextmanager
def locked(root: Path) -> Generator[None]:
    """Make the journal if it is not there, and let one process at a time work with it; the others wait, then refuse.

    A journal in which nothing has been written down is removed again.
    """
    home = home_of(root)
    lock = _lock(root)
    try:
        entries_of(root).mkdir(exist_ok=True)
        _check_real(entries_of(root))
        ignore = home / ".gitignore"
        if not ignore.exists():
            write_flushed(ignore, b"*\n")
        yield
    finally:
        with contextlib.suppress(OSError):
            if not entry_ids(root) and not landing_of(root).exists():
                shutil.rmtree(home)
        lock.close()


def new_entry(root: Path, edits: Edits, summary: str, undoes: tuple[str, ...]) -> Entry:
    """Return the next entry, which is not on the disk yet."""
    last = max((_order(name)[0] for name in entry_ids(root)), default=0)
    now = dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds")
    return Entry(root, f"{last + 1:04d}-{secrets.token_hex(2)}", summary, now, undoes, edits)


def write_entry(entry: Entry) -> None:
    """Put an entry on the disk, with the records that will tell where its landing has come to."""
    contents = entry.directory / "contents"
    contents.mkdir(parents=True)
    for state in {state.digest: state for edit in entry.edits for state in edit.states}.values():
        write_flushed(contents / state.digest, state.content)
    intent = {
        "format": _FORMAT,
        "summary": entry.summary,
        "time": entry.time,
        "undoes": entry.undoes,
        "edits": [
            {"path": edit.path, "before": _to_data(edit.before), "after": _to_data(edit.after)} for edit in entry.edits
        ],
    }
    write_flushed(entry.directory / "intent.json", json.dumps(intent, indent=1).encode())
    for direction in DIRECTIONS:
        record = {"id": entry.id, "direction": direction, "summary": entry.summary}
        write_flushed(entry.directory / direction, json.dumps(record).encode())
    for directory in (contents, entry.directory, entries_of(entry.root), home_of(entry.root)):
        flush(directory)


def read_entry(root: Path, entry_id: str) -> Entry:
    """Return an entry. Raises `InputError` if it is not whole: nothing is done by half a journal."""
    directory = entries_of(root) / entry_id
    try:
        data = cast("dict[str, Any]", json.loads((directory / "intent.json").read_bytes()))
        if data["format"] != _FORMAT:
            raise ValueError(f"format {data['format']} is not known to this version")  # noqa: TRY301
        edits = tuple(_to_edit(directory / "contents", one) for one in data["edits"])
        texts = str(data["summary"]), str(data["time"])
        return Entry(root, entry_id, *texts, tuple(map(str, data["undoes"])), Edits(edits))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"the journal's entry {entry_id} cannot be read: {error}",
            hint=f"compare the project with version control; then remove {shown(directory)}",
        ) from error


def read_landing(root: Path) -> tuple[str, Direction] | None:
    """Return the change that is being landed, or was when its run was killed, and in which direction."""
    path = landing_of(root)
    try:
        data = cast("dict[str, Any]", json.loads(path.read_bytes()))
        entry_id = str(data["id"])
        if not _ENTRY.fullmatch(entry_id):
            raise ValueError(f"{entry_id!r} is not a name of an entry")  # noqa: TRY301
        return entry_id, "back" if data["direction"] == "back" else "forward"
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        hint = f"compare the project with version control; then remove {shown(path)}"
        raise InputError(f"{shown(path)} cannot be read: {error}", hint=hint) from error


def commit(entry: Entry, direction: Direction) -> None:
    """Say in one step where the tree is going; it takes no room on the disk."""
    (entry.directory / direction).rename(landing_of(entry.root))
    flush(home_of(entry.root))


def finish(entry: Entry, direction: Direction) -> None:
    """Say in one step that the tree has arrived."""
    if direction == "forward":
        landing_of(entry.root).rename(entry.directory / "done")
        flush(entry.directory)
    else:
        landing_of(entry.root).unlink(missing_ok=True)
    flush(home_of(entry.root))


def remove_entry(root: Path, entry_id: str) -> None:
    shutil.rmtree(entries_of(root) / entry_id)


def prune(root: Path, keep: int) -> None:
    """Remove all landed entries but the newest ones.

    An entry loses its name first: what a kill leaves of it is none any more, and goes with the next one.
    """
    landed = [name for name in entry_ids(root) if is_done(root, name)]
    for name in landed[: max(len(landed) - keep, 0)]:
        (entries_of(root) / name).rename(entries_of(root) / f"{_GONE}{name}")
    for gone in entries_of(root).glob(f"{_GONE}*"):
        shutil.rmtree(gone, ignore_errors=True)


def landed_entries(root: Path) -> Iterator[Entry]:
    """Yield what has landed, the oldest first."""
    return (read_entry(root, entry_id) for entry_id in entry_ids(root) if is_done(root, entry_id))


def write_flushed(path: Path, content: bytes) -> None:
    """Write a new file and wait until it is on the disk."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _lock(root: Path) -> IO[bytes]:
    """Return the lock, held: the one that is there now, as another run can have removed the one that we waited for."""
    home, end = home_of(root), time.monotonic() + LOCK_SECONDS
    while time.monotonic() < end:
        home.mkdir(mode=0o700, exist_ok=True)
        _check_real(home)
        with contextlib.ExitStack() as stack, contextlib.suppress(BlockingIOError, FileNotFoundError):
            lock = stack.enter_context((home / "lock").open("ab"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat((home / "lock").stat(), os.fstat(lock.fileno())):
                stack.pop_all()
                return lock
        time.sleep(_POLL_SECONDS)
    raise InputError(
        f"another run of Fastwright is changing {shown(root)} at this moment",
        hint="wait until it has ended, and run it again",
    )


def _check_real(directory: Path) -> None:
    if not is_real_directory(directory):
        raise InputError(f"{shown(directory)} is not a directory", hint="Fastwright needs that name: move it away")


def _order(name: str) -> tuple[int, str]:
    return int(name.partition("-")[0]), name


def _to_data(state: State | None) -> dict[str, object] | None:
    if state is None:
        return None
    return {
        "kind": state.kind,
        "mode": state.mode,
        "content": state.digest,
        "mtime": state.mtime,
        "owner": state.owner,
    }


def _to_edit(contents: Path, data: Mapping[str, Any]) -> Edit:
    path = check_path(data["path"])
    return Edit(path, _to_state(contents, data["before"]), _to_state(contents, data["after"]))


def _to_state(contents: Path, data: Mapping[str, Any] | None) -> State | None:
    if data is None:
        return None
    owner = (int(data["owner"][0]), int(data["owner"][1])) if data["owner"] else None
    content = (contents / Path(data["content"]).name).read_bytes()
    state = State(data["kind"], int(data["mode"]), content, data["mtime"], owner)
    if state.digest != data["content"]:
        raise ValueError(f"the content {data['content']} was changed")
    return state
