"""What can be put into a project: a file of ours, a section of a file that is not, an entry in settings.

Each says what it would make of the text that is there. What people wrote is never changed: a file or a section of ours
carries the digest of its text, and one that was edited since is left as it is.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

_NOTE = "`fastwright skill install` keeps this up to date, unless it is edited"
_EDITED = "it was edited since it was installed; delete it to get the new one"


class Kept(Exception):
    """What is there stays as it is; the text says why."""


class Piece(Protocol):
    """Something that is installed at `path`, which is relative to the project."""

    @property
    def path(self) -> str: ...

    def merged(self, text: str | None) -> str:
        """Return what the file becomes; `text` is what it is. Raises `Kept`."""
        ...


@dataclass(frozen=True)
class OwnFile:
    """A file that is all ours; its last line is a comment that says so."""

    path: str
    content: str

    def merged(self, text: str | None) -> str:
        if text is not None:
            body, _newline, last = text.rstrip("\n").rpartition("\n")
            if _digest(body) not in last:
                raise Kept(_EDITED if "fastwright skill install" in last else "there is a file of this name already")
        content = self.content.rstrip("\n")
        comment = f"fastwright {_digest(content)}: {_NOTE}"
        return f"{content}\n{_comment(self.path, comment)}\n"


@dataclass(frozen=True)
class Section:
    """A part of a file that is somebody else's, between two comments."""

    path: str
    content: str

    def merged(self, text: str | None) -> str:
        content = self.content.strip("\n")
        section = "\n".join(
            [
                _comment(self.path, f"fastwright begin {_digest(content)}: {_NOTE}"),
                content,
                _comment(self.path, "fastwright end"),
            ]
        )
        if text is None:
            return f"{section}\n"
        found = list(_section_of(self.path).finditer(text))
        if not found:
            self._check(text)
            return f"{text.rstrip()}\n\n{section}\n" if text.strip() else f"{section}\n"
        if len(found) > 1 or _digest(found[0]["content"]) != found[0]["digest"]:
            raise Kept("its section was edited since it was installed; delete the section to get the new one")
        return text[: found[0].start()] + section + text[found[0].end() :]

    def _check(self, text: str) -> None:
        """Raise `Kept` if the file would say the same thing twice, or is none that can be read."""
        if "fastwright begin" in text or "fastwright end" in text:
            raise Kept("one of the comments around its section is missing; delete the rest of it to get the new one")
        if not self.path.endswith(".toml"):
            return
        try:
            there, ours = tomllib.loads(text), tomllib.loads(self.content)
        except tomllib.TOMLDecodeError as error:
            raise Kept(f"it cannot be read: {error}") from None
        if _overlap(there, ours):
            raise Kept("it has an entry for fastwright already")


@dataclass(frozen=True)
class Entry:
    """Keys in a JSON file of settings; objects are merged, and a list gets what it does not have."""

    path: str
    content: Mapping[str, Any]

    def merged(self, text: str | None) -> str:
        if text is None or not text.strip():
            return f"{json.dumps(self.content, indent=2)}\n"
        try:
            there: object = json.loads(text)
        except ValueError as error:
            raise Kept(f"it cannot be read: {error}; add this by hand: {json.dumps(self.content)}") from None
        if not isinstance(there, dict):
            raise Kept("it is no JSON object")
        before = cast("dict[str, Any]", there)
        after = _with(before, self.content)
        return text if after == before else f"{json.dumps(after, indent=_indent(text), ensure_ascii=False)}\n"


def _with(there: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(there)
    for key, value in wanted.items():
        old: object = merged.get(key)
        if key not in merged:
            merged[key] = value
        elif isinstance(old, dict) and isinstance(value, Mapping) and key != "fastwright":
            merged[key] = _with(cast("dict[str, Any]", old), cast("Mapping[str, Any]", value))
        elif isinstance(old, list) and isinstance(value, list):
            items, known = cast("list[Any]", old), _commands(cast("object", old))
            merged[key] = items + [one for one in cast("list[Any]", value) if not _commands(one) <= known]
        elif old != value:
            raise Kept(f"it has another entry {key!r} already")
    return merged


def _commands(value: object) -> set[str]:
    """Return the commands in a part of the settings: a hook is there if its command is, whatever else it says."""
    if isinstance(value, list):
        return {found for item in cast("list[object]", value) for found in _commands(item)}
    if not isinstance(value, dict):
        return set()
    items = cast("dict[str, object]", value)
    own = items.get("command")
    return {found for item in items.values() for found in _commands(item)} | ({own} if isinstance(own, str) else set())


def _overlap(there: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    """Tell whether both set the same thing."""
    for key, value in ours.items():
        if key in there:
            old = there[key]
            if not (isinstance(old, dict) and isinstance(value, dict)):
                return True
            if key == "fastwright" or _overlap(cast("dict[str, Any]", old), cast("dict[str, Any]", value)):
                return True
    return False


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _comment(path: str, text: str) -> str:
    return f"# {text}" if path.endswith(".toml") else f"<!-- {text} -->"


def _section_of(path: str) -> re.Pattern[str]:
    first = re.escape(_comment(path, "\0")).replace("\0", r"fastwright begin (?P<digest>\w+): [^\n]*?")
    last = re.escape(_comment(path, "fastwright end"))
    return re.compile(rf"^{first}\n(?P<content>.*?)\n{last}", re.DOTALL | re.MULTILINE)


def _indent(text: str) -> int | str:
    """Return how a JSON file is indented."""
    found = re.search(r"\{\n([ \t]+)", text)
    return found[1] if found else 2
