"""What becomes of each file of a project whose template changed: taken over, merged, left alone, or for a person.

Three texts decide: what was generated (`base`), what is generated today (`new`), and what is there now. Only what the
template changed is looked at; the rest is the project's own business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import PurePosixPath

from fastwright.design.model import Frozen
from fastwright.proof.merging import Clash, merge

VERSIONS = PurePosixPath("migrations/versions")
_ALIKE = 0.6
_NOT_UTF8 = "it is not UTF-8 text"


class Conflict(Frozen):
    """Where the project and the template changed the same thing; `line` is that of the file as it is now."""

    path: str
    line: int
    reason: str
    generated: str = ""
    yours: str = ""
    today: str = ""

    @property
    def shown(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass
class Plan:
    """`writes` are the new contents by path, `removes` the paths that go; `notes` is what people should know."""

    writes: dict[str, str] = field(default_factory=dict[str, str])
    removes: list[str] = field(default_factory=list[str])
    merged: list[str] = field(default_factory=list[str])
    conflicts: list[Conflict] = field(default_factory=list[Conflict])
    notes: list[str] = field(default_factory=list[str])


Files = Mapping[PurePosixPath, str]


def plan_files(base: Files, new: Files, now: Mapping[PurePosixPath, bytes], keep: frozenset[str]) -> Plan:
    """Return what is to be done. `now` has the files of the project that either side names, as far as they are there.

    Files in `keep` are left as they are, with whatever the template changed in them.
    """
    plan = Plan()
    renamed = _renamed(base, new)
    for path in sorted({*base, *new}):
        if path.is_relative_to(VERSIONS) or path in renamed.values() or base.get(path) == new.get(path):
            continue
        if str(path) in keep:
            plan.notes.append(f"{path} is left as it is, as asked for")
            continue
        target = renamed.get(path, path)
        if target != path:
            _rename(plan, path, target, (base[path], new[target], now.get(path), now.get(target)))
        else:
            _one(plan, str(path), base.get(path), new.get(path), now.get(path))
    return plan


def _one(plan: Plan, path: str, base: str | None, new: str | None, now: bytes | None) -> None:
    here = _text(now)
    if new is None:
        _remove(plan, path, base, here, is_there=now is not None)
    elif base is None:
        if now is None:
            plan.writes[path] = new
        elif here != new:
            reason = "the template has a file of this name now, and so have you"
            plan.conflicts.append(Conflict(path=path, line=0, reason=reason))
    elif now is None:
        plan.notes.append(f"{path} stays removed, although the template changed it")
    elif here is None:
        plan.conflicts.append(Conflict(path=path, line=0, reason=_NOT_UTF8))
    else:
        _merge(plan, path, (base, new, here))


def _remove(plan: Plan, path: str, base: str | None, here: str | None, *, is_there: bool) -> None:
    if is_there and here == base:
        plan.removes.append(path)
    elif is_there:
        reason = "the template has no such file any more, and you have edited it"
        plan.conflicts.append(Conflict(path=path, line=0, reason=reason))


def _rename(
    plan: Plan, path: PurePosixPath, target: PurePosixPath, texts: tuple[str, str, bytes | None, bytes | None]
) -> None:
    """Follow a file to its new place, with the edits that were made at the old one."""
    base, new, now, taken = texts
    here = _text(now)
    if now is None or here == base or taken is not None:
        _one(plan, str(path), base, None, now)
        _one(plan, str(target), None, new, taken)
    elif here is None:
        plan.conflicts.append(Conflict(path=str(path), line=0, reason=_NOT_UTF8))
    else:
        before = len(plan.conflicts)
        _merge(plan, str(target), (base, new, here))
        if len(plan.conflicts) == before:
            plan.removes.append(str(path))
            plan.notes.append(f"{path} is {target} now, with your edits")


def _merge(plan: Plan, path: str, texts: tuple[str, str, str]) -> None:
    base, new, here = texts
    if here == new:
        return
    merged = merge(base.encode(), new.encode(), here.encode())
    if merged.content is not None:
        plan.writes[path] = merged.content.decode()
        if here != base:
            plan.merged.append(path)
        return
    for clash in merged.clashes:
        plan.conflicts.append(_conflict(path, clash, here))
    if not merged.clashes:
        plan.conflicts.append(Conflict(path=path, line=0, reason="it is not text"))


def _conflict(path: str, clash: Clash, here: str) -> Conflict:
    return Conflict(
        path=path,
        line=_line_now(clash, here),
        reason="you and the template changed the same lines",
        generated=b"".join(clash.common).decode(),
        yours=b"".join(clash.theirs).decode(),
        today=b"".join(clash.ours).decode(),
    )


def _line_now(clash: Clash, here: str) -> int:
    """Return where the lines stand in the file as it is now."""
    yours = b"".join(clash.theirs).decode()
    before = here.partition(yours)[0] if yours and yours in here else None
    return clash.line if before is None else before.count("\n") + 1


def _renamed(base: Files, new: Files) -> dict[PurePosixPath, PurePosixPath]:
    """Return the files that the template has at another place now: the most alike of what went and what came."""
    gone = [path for path in base if path not in new and not path.is_relative_to(VERSIONS)]
    come = [path for path in new if path not in base and not path.is_relative_to(VERSIONS)]
    pairs = sorted(
        (
            (_likeness(base[old], new[other]), old, other)
            for old in gone
            for other in come
            if old.suffix == other.suffix
        ),
        key=lambda pair: (-pair[0], pair[1], pair[2]),
    )
    found: dict[PurePosixPath, PurePosixPath] = {}
    for likeness, old, other in pairs:
        if likeness >= _ALIKE and old not in found and other not in found.values():
            found[old] = other
    return found


def _likeness(one: str, other: str) -> float:
    """Return how alike two texts are, by their lines; empty ones are like nothing."""
    lines = one.splitlines(), other.splitlines()
    matcher = SequenceMatcher(None, *lines, autojunk=False)
    return 0.0 if not all(lines) or matcher.quick_ratio() < _ALIKE else matcher.ratio()


def _text(content: bytes | None) -> str | None:
    try:
        return None if content is None else content.decode()
    except UnicodeDecodeError:
        return None
