"""What a change does to the files of a project, as frozen data: for people a diff, for programs JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import unified_diff
from typing import Literal

from fastwright.proof.states import Imprint, State, shown


@dataclass(frozen=True)
class Edit:
    """What is at a path before and after. Nothing before: it is added; nothing after: it is removed."""

    path: str
    before: State | None
    after: State | None

    @property
    def kind(self) -> Literal["added", "changed", "removed"]:
        if self.before is None:
            return "added"
        return "changed" if self.after is not None else "removed"

    @property
    def states(self) -> tuple[State, ...]:
        return tuple(state for state in (self.before, self.after) if state is not None)

    def diff(self) -> str:
        """Return the edit as `git apply` takes it; a directory alone has none."""
        if all(state.kind == "directory" for state in self.states):
            return ""
        if len({state.kind for state in self.states}) > 1:  # one thing goes, and another takes its place
            return Edit(self.path, self.before, None).diff() + Edit(self.path, None, self.after).diff()
        old, new = _quoted(f"a/{self.path}"), _quoted(f"b/{self.path}")
        header = [f"diff --git {old} {new}", *self._mode_lines()]
        before, after = (state.content if state else b"" for state in (self.before, self.after))
        if before == after:
            return "\n".join(header) + "\n"
        names = (old if self.before else "/dev/null", new if self.after else "/dev/null")
        return "\n".join(header) + "\n" + "".join(_hunks(before, after, *names))

    def describe(self) -> dict[str, object]:
        """Return the edit as data, with digests instead of contents."""
        return {
            "path": shown(self.path),
            "kind": self.kind,
            "before": _describe(self.before),
            "after": _describe(self.after),
        }

    def _mode_lines(self) -> Iterator[str]:
        old, new = _git_mode(self.before), _git_mode(self.after)
        if not old:
            yield f"new file mode {new}"
        elif not new:
            yield f"deleted file mode {old}"
        elif old != new:
            yield f"old mode {old}"
            yield f"new mode {new}"


@dataclass(frozen=True)
class Edits:
    """All edits of a change, by path. `base` is the whole project that they were proven on, if they were."""

    items: tuple[Edit, ...]
    base: Mapping[str, Imprint] = field(default_factory=dict[str, Imprint], compare=False)

    def __bool__(self) -> bool:
        return bool(self.items)

    def __iter__(self) -> Iterator[Edit]:
        return iter(self.items)

    def reversed(self) -> Edits:
        """Return the edits that take these back."""
        return Edits(tuple(Edit(edit.path, edit.after, edit.before) for edit in self.items))

    def diff(self) -> str:
        return "".join(edit.diff() for edit in self.items)

    def describe(self) -> dict[str, object]:
        """Return the edits as data, with the diff."""
        return {"edits": [edit.describe() for edit in self.items], "diff": self.diff()}


def _describe(state: State | None) -> dict[str, object] | None:
    if state is None:
        return None
    size = {} if state.kind == "directory" else {"bytes": len(state.content), "sha256": state.digest}
    return {"kind": state.kind, "mode": f"{state.mode:04o}", **size}


def _git_mode(state: State | None) -> str:
    if state is None:
        return ""
    if state.kind == "link":
        return "120000"
    return "100755" if state.mode & 0o100 else "100644"


def _hunks(before: bytes, after: bytes, old: str, new: str) -> Iterator[str]:
    texts = _text(before), _text(after)
    if texts[0] is None or texts[1] is None:
        yield f"Binary files {old} and {new} differ\n"
        return
    for line in unified_diff(texts[0], texts[1], old, new):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _text(content: bytes) -> list[str] | None:
    """Return the lines, which end at line feeds only: what else could end a line may stand inside of one."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [last for last in text.split("\n")[-1:] if last]


def _quoted(path: str) -> str:
    """Return a path as git writes it: with octal escapes, and in quotes, where it could not be read otherwise."""
    raw = path.encode("utf-8", "surrogateescape")
    if all(32 <= byte < 127 and byte not in b'"\\' for byte in raw):
        return path
    escapes = {ord('"'): '\\"', ord("\\"): "\\\\"}
    signs = (escapes.get(byte) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}") for byte in raw)
    return f'"{"".join(signs)}"'
