"""`upgrade`: a generated project takes over what the template, or its design, has become; edits stay."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from pydantic import Field

from fastwright import __version__
from fastwright.changes import Change
from fastwright.design import read_yaml, renamed
from fastwright.design.model import Design, Frozen
from fastwright.errors import InputError
from fastwright.project.where import Where
from fastwright.proof.access import Access
from fastwright.proof.carrying import Carried, carry_out
from fastwright.proof.contract import Contract
from fastwright.proof.ground import standing_on
from fastwright.proof.model import Progress, Proof, silent
from fastwright.recipes._recipe import Refusal
from fastwright.scaffold.engine import render_backend
from fastwright.scaffold.merging import Merge, merged_files, merged_project
from fastwright.scaffold.promised import UpToDate, announced
from fastwright.scaffold.record import RECORD, Record, read_record
from fastwright.scaffold.upgrading import Conflict
from fastwright.verbs.explanation import Explanation

_NO_PROOF = Proof(steps=(), seconds=0.0)


class UpgradeRequest(Where):
    """Which project to bring up to date, and for another `design` if one is named.

    Files in `keep` are left as they are.
    """

    design: Path | None = None
    keep: tuple[str, ...] = ()
    dry_run: bool = False


class UpgradeResult(Frozen):
    """What was done. `merged` are the files in which edits and the template came together.

    Nothing landed where there is a `refusal` or a conflict, where it was up to date `already`, after a dry run, and
    where a step failed.
    """

    change: Change
    proof: Proof
    landed: bool
    explanation: Explanation
    before: str
    after: str
    already: str = ""
    refusal: Refusal | None = None
    conflicts: tuple[Conflict, ...] = ()
    merged: tuple[str, ...] = ()
    access: tuple[Access, ...] = ()
    contract: Contract = Field(default_factory=Contract)
    diff: str = ""
    broken_tests: tuple[str, ...] = ()
    journal: str = ""

    @property
    def done(self) -> bool:
        """Whether all is as it was asked for, or would be without the dry run."""
        return bool(self.already) or (self.refusal is None and self.proof.proven)


def upgrade(request: UpgradeRequest, progress: Progress = silent) -> UpgradeResult:
    """Merge what changed since the project was written into it, prove that on a copy, and land it.

    Raises `InputError` if it is no project of Fastwright's, or cannot be read.
    """
    old = _record(request.project)
    design = _design(old.design, request.design)
    new = Record(design, render_backend(design))
    keep = frozenset(request.keep)
    change = Change(summary=_summary(old, new), operations=())
    if (old.files, old.design) == (new.files, new.design):
        return _result(old, change, Merge(), already=f"everything is as Fastwright {__version__} writes it")
    plan, _now = merged_files(request.project, old, new, keep)
    if plan.conflicts:
        return _conflicting(old, change, Merge(conflicts=tuple(plan.conflicts), merged=tuple(plan.merged)))
    with standing_on(request) as ground, ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="fastwright-"))).resolve()
        merge = merged_project(ground, scratch, old, new, keep)
        if merge.conflicts:
            return _conflicting(old, change, merge)
        change = change.model_copy(update={"operations": merge.operations})
        promise = UpToDate(old, new, announced(scratch, merge.python or ground.python, old, new))
        able = replace(ground, python=merge.python or ground.python)
        carried = carry_out(able, change, promise, dry_run=request.dry_run, progress=progress)
        return _result(old, change, merge, carried)


def _record(project: Path) -> Record:
    try:
        return read_record((project / RECORD).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        hint = "`fastwright new` writes it; other apps are changed by `fastwright add`"
        place = project.resolve()
        raise InputError(f"{place} has no {RECORD}, so what was generated is not known", hint=hint) from error


def _design(recorded: Design, path: Path | None) -> Design:
    return recorded if path is None else renamed(read_yaml(path), recorded.name)


def _summary(old: Record, new: Record) -> str:
    if old.design != new.design:
        return "upgrade to a changed design"
    return f"upgrade from Fastwright {old.version} to {new.version}" if old.version != new.version else "upgrade"


def _conflicting(old: Record, change: Change, merge: Merge) -> UpgradeResult:
    return _result(old, change, merge, refusal=_refusal(merge.conflicts))


def _refusal(conflicts: Sequence[Conflict]) -> Refusal:
    count = len(conflicts)
    hint = "make your lines those of today's template and add yours elsewhere, or leave the file alone: --keep PATH"
    if not any(one.today or one.yours for one in conflicts):
        hint = "move what is in the way, or leave the file alone with --keep PATH"
    return Refusal(
        reason=f"{count} conflict{'s'[: count != 1]} with your edits",
        hint=hint,
        items=tuple(f"{one.shown}: {one.reason}" for one in conflicts),
    )


def _result(
    old: Record,
    change: Change,
    merge: Merge,
    carried: Carried | None = None,
    *,
    already: str = "",
    refusal: Refusal | None = None,
) -> UpgradeResult:
    if carried is not None and carried.refused is not None:
        refusal = Refusal(reason=carried.refused.reason, hint=carried.refused.hint or "run it again")
    return UpgradeResult(
        change=change,
        proof=carried.proof if carried else _NO_PROOF,
        landed=carried.landed if carried else False,
        explanation=_explanation(change, merge, carried.undone if carried else {}),
        before=old.version,
        after=__version__,
        already=already,
        refusal=refusal,
        conflicts=merge.conflicts,
        merged=merge.merged,
        access=carried.access if carried else (),
        contract=carried.contract if carried else Contract(),
        diff=carried.diff if carried else "",
        broken_tests=carried.broken_tests if carried else (),
        journal=carried.journal if carried else "",
    )


def _explanation(change: Change, merge: Merge, undone: Mapping[str, str]) -> Explanation:
    decisions = [*merge.notes]
    if merge.revision:
        decisions.append(f"{merge.revision} brings databases there; revisions that were there are as they were.")
    steps = ["git diff"]
    if merge.has_new_dependencies:
        decisions.append("The dependencies changed, so uv.lock was resolved anew; the proof ran with these versions.")
        steps.append("uv sync")
    if merge.revision:
        steps.append("make migrate")
    return Explanation(
        summary=change.summary,
        endpoints=(),
        decisions=tuple(decisions),
        risks=(*merge.risks, *(f"Not proven, {name}: {reason}." for name, reason in undone.items())),
        alternatives=(),
        next_steps=(*steps, "fastwright undo  # takes it back"),
    )
