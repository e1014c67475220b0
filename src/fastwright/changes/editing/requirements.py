"""Add a requirement to the files in which projects keep them, and touch nothing else in there."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from fastwright.changes.editing.toml import Array, array, entries
from fastwright.changes.outcome import Unfit

_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


@dataclass(frozen=True)
class Requirement:
    """`name[extra]>=1; marker`, as it is written, and taken apart."""

    text: str
    name: str
    extras: tuple[str, ...]
    version: str
    marker: str

    @classmethod
    def of(cls, text: str) -> Requirement:
        """Take a requirement apart. Raises `ValueError` if it does not begin with a name."""
        main, _semicolon, marker = text.partition(";")
        raw = main.strip()
        end = next((number for number, character in enumerate(raw) if character not in _NAME), len(raw))
        name, rest = raw[:end], raw[end:].strip()
        extras: tuple[str, ...] = ()
        if rest.startswith("["):
            inside, closed, rest = rest[1:].partition("]")
            extras = tuple(extra.strip() for extra in inside.split(",")) if closed else ()
            rest = rest.strip() if closed else "["
        if not name or name[0] in "._-" or (rest and rest[0] not in "<>=!~@("):
            raise ValueError(f"{text!r} is not a requirement")
        return cls(text, normal(name), extras, rest.strip("() "), marker.strip())


def normal(name: str) -> str:
    """Return the one spelling of a package's name."""
    parts = name.lower().replace("_", "-").replace(".", "-").split("-")
    return "-".join(filter(None, parts))


def with_requirement(path: str, text: str, requirement: Requirement) -> str | None:
    """Return the file with the requirement, or nothing if it has the package. Raises `Unfit` if it cannot."""
    if path.endswith(".toml"):
        return _in_toml(path, text, requirement)
    if path.endswith((".txt", ".in")):
        return _in_lines(path, text, requirement)
    raise Unfit(path, 0, "is no file of requirements that is understood", "pyproject.toml and requirements.txt are")


def _in_toml(path: str, text: str, requirement: Requirement) -> str | None:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Unfit(path, 0, f"is not valid TOML: {error}") from error
    project, poetry = data.get("project", {}), data.get("tool", {}).get("poetry", {})
    if "dependencies" in project:
        return _in_project(path, text, project["dependencies"], requirement)
    if "dependencies" in poetry:
        return _in_poetry(path, text, poetry["dependencies"], requirement)
    raise Unfit(path, 0, "has no list of dependencies", "add `dependencies = []` to its [project]")


def _in_project(path: str, text: str, known: Sequence[str], requirement: Requirement) -> str | None:
    if any(_is_of(item, requirement) for item in known):
        return None
    places = (("project", "dependencies"), ("", "project.dependencies"))
    entry = next((entry for entry in entries(text) if (entry.table, entry.key) in places), None)
    if entry is None or text[entry.start] != "[":
        raise Unfit(path, 0, "has its dependencies where they cannot be edited", "write them as `dependencies = [...]`")
    found = array(text, entry.start, entry.end)
    names = [Requirement.of(item).name for item in known]
    edited = _with_item(text, found, requirement.text, _sorted_place(names, requirement.name))

    def listed(data: dict[str, Any]) -> object:
        return data["project"].pop("dependencies")

    return _checked(path, text, edited, listed, lambda old, new: sorted([*old, requirement.text]) == sorted(new))


def _with_item(text: str, found: Array, value: str, at: int) -> str:
    quote = text[found.items[-1][0]] if found.items else '"'
    quoted = f"'{value}'" if '"' in value or (quote == "'" and "'" not in value) else f'"{value}"'
    if not found.items:
        return text[: found.start + 1] + quoted + text[found.start + 1 :]
    if at < len(found.items):
        start = found.items[at][0]
        lead = _lead(text, start)
        return text[:start] + quoted + "," + (lead or " ") + text[start:]
    start, end = found.items[-1]
    lead = _lead(text, start)
    if found.last_comma < 0:
        text, behind = f"{text[:end]},{text[end:]}", end + 1
    else:
        behind = found.last_comma + 1
    new = f"{lead or ' '}{quoted}" + ("," if found.last_comma >= 0 else "")
    comment = text[behind:].lstrip(" \t").startswith("#")
    if comment and lead:
        behind = text.index("\n", behind)
        behind -= text[behind - 1] == "\r"
    return text[:behind] + new + text[behind:]


def _lead(text: str, start: int) -> str:
    """Return the line break and the spaces before an item, if it begins its line."""
    line = text.rfind("\n", 0, start) + 1
    indent = text[line:start]
    if indent.strip():
        return ""
    return ("\r\n" if text[:line].endswith("\r\n") else "\n") + indent


def _in_poetry(path: str, text: str, known: dict[str, Any], requirement: Requirement) -> str | None:
    if any(normal(name) == requirement.name for name in known):
        return None
    table = [entry for entry in entries(text) if entry.table == "tool.poetry.dependencies"]
    if not table or requirement.marker or requirement.version.startswith("@"):
        raise Unfit(path, 0, "is Poetry's, and this cannot be written there as one line", "poetry add can")
    version = requirement.version or "*"
    value = f'"{version}"'
    if requirement.extras:
        extras = ", ".join(f'"{extra}"' for extra in requirement.extras)
        value = f'{{extras = [{extras}], version = "{version}"}}'
    end = table[-1].line_end
    end -= text[:end].endswith("\r")
    newline = "\r\n" if "\r\n" in text else "\n"
    edited = f"{text[:end]}{newline}{requirement.name} = {value}{text[end:]}"

    def listed(data: dict[str, Any]) -> object:
        return data["tool"]["poetry"].pop("dependencies")

    return _checked(path, text, edited, listed, lambda old, new: {*new} - {*old} == {requirement.name})


def _checked(
    path: str,
    text: str,
    edited: str,
    take: Callable[[dict[str, Any]], Any],
    is_right: Callable[[Any, Any], bool],
) -> str:
    """Return the edited text, if its data differ from before in what was added only."""
    try:
        before, after = tomllib.loads(text), tomllib.loads(edited)
    except tomllib.TOMLDecodeError as error:
        raise Unfit(path, 0, "is written in a way that cannot be edited") from error
    if not is_right(take(before), take(after)) or before != after:
        raise Unfit(path, 0, "is written in a way that cannot be edited")
    return edited


def _in_lines(path: str, text: str, requirement: Requirement) -> str | None:
    lines = text.splitlines(keepends=True)
    if any("--hash" in line or "autogenerated by" in line for line in lines):
        raise Unfit(path, 0, "is made by a tool from another file", "add the requirement to that one, and run the tool")
    if any(_is_of(line, requirement) for line in lines):
        return None
    newline = "\r\n" if "\r\n" in text else "\n"
    listed = [(number, name) for number, line in enumerate(lines) if (name := _name(line))]
    place = _sorted_place([name for _number, name in listed], requirement.name)
    at = listed[place][0] if place < len(listed) else (listed[-1][0] + 1 if listed else len(lines))
    if at and not lines[at - 1].endswith("\n"):
        return f"{text}{newline}{requirement.text}"
    return "".join([*lines[:at], requirement.text + newline, *lines[at:]])


def _sorted_place(names: Sequence[str], name: str) -> int:
    """Return where a name goes: in its place if the others are in order, and else at the end."""
    if len(names) > 1 and list(names) == sorted(names):
        return next((number for number, other in enumerate(names) if other > name), len(names))
    return len(names)


def _is_of(line: str, requirement: Requirement) -> bool:
    return _name(line) == requirement.name


def _name(line: str) -> str:
    """Return the package of a line, or nothing for options, comments, addresses and what is continued."""
    text = line.partition(" #")[0].strip()
    if not text or text[0] in "#-./":
        return ""
    try:
        return Requirement.of(text).name
    except ValueError:
        return ""
