"""`check --fix`: the findings that have one safe answer, answered on a copy, proven there, and then landed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fastwright.changes import Change, Operation
from fastwright.changes.outcome import Refused
from fastwright.design.model import Frozen
from fastwright.project.model import Project
from fastwright.proof.carrying import Carried, carry_out
from fastwright.proof.ground import Ground, standing_on
from fastwright.proof.held import Announced, Regression
from fastwright.proof.model import NOT_RUN, Progress, Proof, StepFailed, silent
from fastwright.rules._audit import Audit, audit
from fastwright.rules._engine.finding import Finding
from fastwright.rules._engine.reading import list_files, parse_files
from fastwright.rules._settings import Settings, chosen_rules, read_settings
from fastwright.verbs.check import CheckRequest, narrowed


class Unfixed(Frozen):
    """A finding whose change could not be made, and why."""

    finding: Finding
    reason: str


class FixResult(Frozen):
    """What was done. Nothing landed after a dry run, if a step of the proof failed, or if there was nothing to fix."""

    fixed: tuple[Finding, ...]
    unfixed: tuple[Unfixed, ...] = ()
    change: Change
    proof: Proof = NOT_RUN
    landed: bool = False
    diff: str = ""
    journal: str = ""

    @property
    def done(self) -> bool:
        """Whether all is as it was asked for, or would be without the dry run."""
        return not self.fixed or self.proof.proven


@dataclass(frozen=True)
class _Gone:
    """The promise: what was found is not found any more, and nothing else is that was not."""

    ground: Ground
    names: tuple[str, ...]
    settings: Settings
    fixed: tuple[Finding, ...]
    before: frozenset[str]
    announced: Announced = field(default_factory=Announced)

    def hold(self, trial: Regression) -> str:
        found = _audited(trial.ground, trial.after.project, self.names, self.settings)
        after = {one.fingerprint for one in found.findings}
        left = [one for one in self.fixed if one.fingerprint in after]
        if left:
            raise StepFailed(f"{left[0].rule} is still found at {left[0].file}:{left[0].line}")
        if new := after - self.before:
            raise StepFailed(f"{len(new)} findings are there that were not before")
        return f"{len(self.fixed)} findings are gone, and none has come"


def fix(request: CheckRequest, *, dry_run: bool = False, progress: Progress = silent) -> FixResult:
    """Fix what can be fixed of what `check` finds. Raises `InputError` if the project cannot be read or run."""
    root = request.project.resolve()
    settings = read_settings(root)
    names = chosen_rules(request.select or settings.select, (*request.ignore, *settings.ignore))
    with standing_on(request) as ground:
        found = _audited(ground, ground.reading.project, names, settings)
        wanted = {one.fingerprint for one in narrowed(found.findings, request, settings, root)}
        fixed, unfixed, operations = _planned(found, wanted, ground)
        change = Change(summary=f"fix {len(fixed)} findings of check", operations=operations)
        if not operations:
            return FixResult(fixed=(), unfixed=unfixed, change=change)
        before = frozenset(one.fingerprint for one in found.findings)
        promise = _Gone(ground, names, settings, fixed, before)
        carried = carry_out(ground, change, promise, dry_run=dry_run, progress=progress)
    return _result(carried, fixed, unfixed)


def _audited(ground: Ground, project: Project, names: Sequence[str], settings: Settings) -> Audit:
    contents, problems = list_files(ground.copy.project, settings.excludes)
    return audit(parse_files(ground.copy.project, contents, problems), project, names)


def _planned(
    found: Audit, wanted: set[str], ground: Ground
) -> tuple[tuple[Finding, ...], tuple[Unfixed, ...], tuple[Operation, ...]]:
    """Return what can be fixed together: each change is tried after those before it, on a copy of the copy."""
    trial = Path(shutil.copytree(ground.copy.project, ground.copy.stage.scratch / "trial", symlinks=True))
    fixed: list[Finding] = []
    unfixed: list[Unfixed] = []
    operations: list[Operation] = []
    for finding, change in _changes(found, wanted):
        refused = [one for one in change.attempt(trial) if isinstance(one, Refused)]
        if refused:
            unfixed.append(Unfixed(finding=finding, reason=refused[0].reason))
        else:
            fixed.append(finding)
            operations += change.operations
    shutil.rmtree(trial)
    return tuple(fixed), tuple(unfixed), tuple(operations)


def _changes(found: Audit, wanted: set[str]) -> Iterator[tuple[Finding, Change]]:
    """Yield the changes from the end of each file to its beginning, so that no line moves before it is edited."""
    pairs = list(zip(found.findings, found.found, strict=True))
    for finding, (known, place) in reversed(pairs):
        if known.fix is not None and finding.fingerprint in wanted:
            change = known.fix(found.view, place)
            if change is not None:
                yield finding, change


def _result(carried: Carried, fixed: tuple[Finding, ...], unfixed: tuple[Unfixed, ...]) -> FixResult:
    if carried.refused is not None:
        reason = carried.refused.reason
        return FixResult(
            fixed=(),
            unfixed=(*unfixed, *(Unfixed(finding=one, reason=reason) for one in fixed)),
            change=carried.change,
        )
    return FixResult(
        fixed=fixed,
        unfixed=unfixed,
        change=carried.change,
        proof=carried.proof,
        landed=carried.landed,
        diff=carried.diff,
        journal=carried.journal,
    )
