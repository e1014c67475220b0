"""The gate before an agent may say that it is done: what it changed is proven, and it is sent back if that broke."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Literal

from platformdirs import user_cache_path

from fastwright.design.model import Frozen
from fastwright.errors import FastwrightError
from fastwright.project.errors import AppNotFound
from fastwright.proof.base import Base, NoBase, changed_files, choose_base
from fastwright.verbs.prove import ProveRequest, ProveResult, prove

_EVIDENCE = 4000
_MEND = "Mend it, or say plainly what is broken and why. Do not weaken tests or guards."


class GateRequest(Frozen):
    """Where an agent is about to stop; `again` if it was sent back once and stops again."""

    project: Path = Path()
    again: bool = False


class GateResult(Frozen):
    """`open` lets it stop, `closed` sends it back with the text; `told` lets it stop, and the person reads the text."""

    gate: Literal["open", "closed", "told"]
    text: str = ""


def gate(request: GateRequest) -> GateResult:
    """Prove what was changed. Where there is no backend, no repository or no change, the gate is open.

    It closes once: an agent that cannot mend what it broke has to be able to tell its person.
    """
    project = request.project.resolve()
    try:
        base = choose_base(project)
        files = changed_files(project, base)
        if not files or _is_known(key := _key(project, base, files)):
            return GateResult(gate="open")
        result = prove(ProveRequest(project=project))
    except (NoBase, AppNotFound):
        return GateResult(gate="open")
    except FastwrightError as error:
        return GateResult(gate="told", text=f"This change was not proven: {error.message}. {error.hint}".strip())
    if result.verdict == "broken":
        text = f"`fastwright prove` says that this change breaks something.\n{_evidence(result)}"
        return (
            GateResult(gate="told", text=text) if request.again else GateResult(gate="closed", text=f"{text}\n{_MEND}")
        )
    _remember(key)
    if result.verdict == "incomplete":
        text = f"Nothing broken was seen, but not all of it was proven.\n{_evidence(result)}"
        return GateResult(gate="told", text=text)
    return GateResult(gate="open")


def _evidence(result: ProveResult) -> str:
    steps = [step for step in result.proof.steps if step.status != "passed"]
    return "\n".join(f"{step.title} ({step.status}): {step.evidence}" for step in steps)[:_EVIDENCE]


def _key(project: Path, base: Base, files: tuple[str, ...]) -> str:
    """Return what tells this change apart from every other one."""
    digest = hashlib.sha256(f"{project}\0{base.commit}".encode())
    for name in files:
        place = project / name
        content = place.read_bytes() if place.is_file() else b""
        digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _is_known(key: str) -> bool:
    return (_memory() / key).exists()


def _remember(key: str) -> None:
    """Keep that this very change was seen not to break anything, so that it is not proven at every stop."""
    _memory().mkdir(parents=True, exist_ok=True)
    (_memory() / key).touch()


def _memory() -> Path:
    return user_cache_path("fastwright") / "gate"
