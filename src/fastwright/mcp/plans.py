"""Changes that were proven and wait for a word: each lands as it was shown, or not at all."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from fastwright.errors import InputError
from fastwright.mcp.working import Told
from fastwright.proof.states import Imprint
from fastwright.proof.tree import changed_since, walk

_KEPT = 32
_SHOWN_LINES = 60


@dataclass(frozen=True)
class Base:
    """A project as it was."""

    root: Path
    imprints: Mapping[str, Imprint]


@dataclass(frozen=True)
class Planned:
    """A verb that was run without landing: its answer, what the project was before, and what the client was told."""

    id: str
    verb: str
    title: str
    request: BaseModel
    base: Base | None
    answer: Mapping[str, Any]
    told: Told

    @property
    def lands(self) -> bool:
        """Whether there is anything to land, and it holds."""
        changes: Mapping[str, Any] = self.answer.get("change") or {}
        return "error" not in self.answer and bool(self.answer.get("diff") or changes.get("operations"))

    @property
    def summary(self) -> str:
        answer = self.answer
        parts: list[Mapping[str, Any]] = [answer.get("explanation") or {}, answer.get("change") or {}]
        parts += answer.get("changes") or []
        return next((part["summary"] for part in parts if part.get("summary")), self.verb)

    def question(self) -> str:
        """Return what the person is asked: what it is, how it was proven, and the lines that change."""
        proof: Mapping[str, Any] = self.answer.get("proof") or {"steps": ()}
        steps = ", ".join(str(step["title"]).lower() for step in proof["steps"])
        proven = [f"Proven on a copy: {steps}."] if steps else []
        diff = str(self.answer.get("diff") or "").rstrip().splitlines()
        cut = [f"… and {len(diff) - _SHOWN_LINES} more lines"] if len(diff) > _SHOWN_LINES else []
        return "\n".join([f"{self.title}: {self.summary}.", *proven, "", *diff[:_SHOWN_LINES], *cut, "", "Land it?"])

    def check(self) -> None:
        """Raise `InputError` if the project is not what it was: then what was shown is not what would land."""
        changed = list(changed_since(self.base.root, self.base.imprints)) if self.base else []
        if changed:
            others = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
            raise InputError(
                f"{changed[0]}{others} changed since this was planned; nothing was landed",
                hint="plan it again, on the project as it is now",
            )


@dataclass
class Plans:
    """The plans of one server, by id; the oldest are forgotten."""

    _kept: dict[str, Planned] = field(default_factory=dict[str, Planned])

    def keep(self, planned: Planned) -> Planned:
        """Keep a plan until it is taken."""
        self._kept[planned.id] = planned
        while len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return planned

    def waiting(self, verb: str, request: BaseModel) -> Planned | None:
        """Return the plan for just this request, if there is one: a client that was asked calls again."""
        return next((one for one in self._kept.values() if (one.verb, one.request) == (verb, request)), None)

    def take(self, key: str) -> Planned:
        """Return a plan, for once. Raises `InputError` if there is none of this id."""
        try:
            return self._kept.pop(key)
        except KeyError:
            raise InputError(f"there is no plan {key}", hint="plan it first; a plan is applied once") from None


def plan_id(verb: str) -> str:
    """Return a new id, which nobody can guess."""
    return f"{verb}-{secrets.token_hex(8)}"


def base_of(request: BaseModel) -> Base | None:
    """Return what the project of a request is now; nothing for a request that is about none that exists."""
    root: Path | None = getattr(request, "project", None)
    if root is None:
        return None
    return Base(root, {path: state.imprint for path, state in walk(root, lambda _path, _reason: None)})
