"""`upgrade`: a generated project takes over what the template, or its design, has become; edits stay."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from pydantic import Field

from fastwright import __version__
from fastwright.changes import Change
from fastwright.design import read_yaml, renamed
from fastwright.design.model import Design
from fastwright.errors import InputError
from fastwright.project.where import Where
from fastwright.proof.access import Access
from fastwright.proof.carrying import Carried, carry_out
from fastwright.proof.contract import Contract
from fastwright.proof.ground import standing_on
from fastwright.proof.model import NOT_RUN, Progress, silent
from fastwright.recipes._recipe import Refusal
from fastwright.scaffold.engine import render_backend
from fastwright.scaffold.merging import Merge, merged_files, merged_project
from fastwright.scaffold.promised import UpToDate, announced
from fastwright.scaffold.record import RECORD, Record, read_record
from fastwright.scaffold.upgrading import Conflict
from fastwright.verbs.explanation import Explanation
from fastwright.verbs.landing import Landing


class UpgradeRequest(Where):
    """Which project to bring up to date, and for another `design` if one is named.

    Files in `keep` are left as they are.
    """

    design: Path | None = None
    keep: tuple[str, ...] = ()
    dry_run: bool = False


class UpgradeResult(Landing):
    """What was done. `merged` are the files in which edits and the template came together.

    A conflict is a `refusal`, too.
    """

    before: str
    after: str
    conflicts: tuple[Conflict, ...] = ()
    merged: tuple[str, ...] = ()
    access: tuple[Access, ...] = ()
    contract: Contract = Field(default_factory=Contract)


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
    carried = carried or Carried(change, NOT_RUN)
    return UpgradeResult.of(
        carried,
        _explanation(merge, carried),
        before=old.version,
        after=__version__,
        already=already,
        refusal=refusal,
        conflicts=merge.conflicts,
        merged=merge.merged,
        access=carried.access,
        contract=carried.contract,
    )


def _explanation(merge: Merge, carried: Carried) -> Explanation:
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
        summary=carried.change.summary,
        decisions=tuple(decisions),
        risks=(*merge.risks, *carried.not_proven),
        next_steps=(*steps, "fastwright undo  # takes it back"),
    )
