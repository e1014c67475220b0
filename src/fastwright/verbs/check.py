"""`check`: the audit of an app, by rules that read its map and follow its code."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from fastwright.design.model import Frozen
from fastwright.errors import InputError
from fastwright.project.envfile import read_env_file
from fastwright.project.errors import ProjectError
from fastwright.project.read import Limits
from fastwright.project.remembered import Memory
from fastwright.project.source import Source
from fastwright.project.where import Where
from fastwright.rules import load, names
from fastwright.rules._audit import Audit
from fastwright.rules._baseline import read_baseline, write_baseline
from fastwright.rules._engine.finding import Finding
from fastwright.rules._engine.observed import Observed
from fastwright.rules._engine.reading import Files, Problem, as_source, list_files, parse_source, without_collector
from fastwright.rules._remembered import Remembered
from fastwright.rules._ruff import ruff_findings
from fastwright.rules._settings import Settings, chosen_rules, read_settings
from fastwright.verbs.auditing import Audited, Running, audit_running, audit_source


class CheckRequest(Where):
    """Which project, which part of it, by which rules. With `static` nothing of it is run.

    `paths` are files and directories, `under` is the path of endpoints: findings elsewhere are not told. With
    `coverage` the project's own tests are run, and with `rows` its endpoints are called on tables with rows in them.
    """

    paths: tuple[Path, ...] = ()
    under: str = ""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    static: bool = False
    baseline: Path | None = None
    write_baseline: Path | None = None
    ruff: bool = False
    coverage: bool = False
    rows: bool = False
    limits: Limits = Limits()


class Unread(Frozen):
    """A file, or a part of one, that was not checked."""

    file: str
    line: int
    reason: str


class UnusedSuppression(Frozen):
    """A comment that allows nothing."""

    file: str
    line: int
    rules: tuple[str, ...]
    complaint: str


class CheckResult(Frozen):
    """What was found. `notes` say how sure one can be: what could not be read, and why nothing was run."""

    findings: tuple[Finding, ...]
    allowed: int = 0
    in_baseline: int = 0
    unused: tuple[UnusedSuppression, ...] = ()
    unread: tuple[Unread, ...] = ()
    notes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    files: int = 0
    endpoints: int = 0
    static: bool = False
    seconds: float = 0.0
    root: Path = Path()

    @property
    def clean(self) -> bool:
        return not self.findings


def check(request: CheckRequest) -> CheckResult:
    """Return what is wrong with a project. Raises `InputError` if it cannot be read at all."""
    started = time.perf_counter()
    root = request.project.resolve()
    if not root.is_dir():
        raise ProjectError(f"{request.project} is not a directory", hint="name the project with --project DIR")
    settings = read_settings(root)
    contents, problems = list_files(root, settings.excludes)
    if not any(path.endswith(".py") for path in contents) and not problems:
        raise ProjectError(f"there is no Python file in {root}", hint="name the project with --project DIR")
    place = Remembered.of(contents, _asked(request, settings, problems))
    watched = _observed(request)
    result = _recalled(place, request, root) if watched is None else None
    if result is None:
        with ThreadPoolExecutor(1) as pool:
            # While the app is imported in a process of its own, its files are parsed in ours.
            source = as_source(root, contents)
            running = None if request.static else _running(pool, source, request)
            files = parse_source(source, problems)
            result, python = _audited(request, settings, files, running, watched)
        if watched is None:
            _keep(place, result, python)
    if request.ruff:
        others = ruff_findings(root, request.python, result.findings)
        result = result.model_copy(update={"findings": _in_order((*result.findings, *others))})
    findings = narrowed(result.findings, request, settings, root)
    seconds = time.perf_counter() - started
    return _against_baseline(result.model_copy(update={"findings": findings, "seconds": seconds}), request)


def _observed(request: CheckRequest) -> Observed | None:
    """Return what was seen in the runs that are asked for."""
    if not request.coverage and not request.rows:
        return None
    from fastwright.verbs.observing import observe  # noqa: PLC0415 - takes longer than a remembered result

    return observe(request, coverage=request.coverage, rows=request.rows)


def _running(pool: ThreadPoolExecutor, source: Source, request: CheckRequest) -> Running:
    return Running(
        pool, source, python=request.python, app=request.app, env_file=request.env_file, limits=request.limits
    )


def _audited(
    request: CheckRequest, settings: Settings, files: Files, running: Running | None, observed: Observed | None
) -> tuple[CheckResult, str | None]:
    """Return the result, and the interpreter of the app if that was run."""
    chosen = chosen_rules(request.select or settings.select, (*request.ignore, *settings.ignore))
    notes: tuple[str, ...] = ()
    done: Audited | None = None
    with without_collector():
        try:
            done = audit_running(files, chosen, observed, running) if running is not None else None
        except ProjectError as error:
            if request.app or request.python:
                raise
            notes = (f"nothing was run, {error.message}; {error.hint}",)
        done = done or audit_source(files, chosen, observed, request.app)
    found, project = done.audit, done.project
    result = CheckResult(
        findings=found.findings,
        allowed=found.allowed,
        unused=_unused(found),
        unread=tuple(Unread(file=one.file, line=one.line, reason=one.reason) for one in found.problems),
        notes=(*notes, *done.notes),
        rules=chosen,
        files=len(files.contents),
        endpoints=len(found.view.routes),
        static=project is None or project.app.static,
        root=files.source.root,
    )
    return result, project and project.app.python


def _asked(request: CheckRequest, settings: Settings, problems: Sequence[Problem]) -> Iterator[str]:
    """Yield what the findings depend on besides the files."""
    yield request.model_dump_json(include={"project", "select", "ignore", "static", "python", "app"})
    yield str(request.project.resolve())
    yield settings.model_dump_json()
    yield from (f"{one.file} {one.reason}" for one in problems)


def _recalled(place: Remembered, request: CheckRequest, root: Path) -> CheckResult | None:
    """Return what was found the last time, if nothing has changed that it depends on."""
    kept = place.recall()
    if kept is None:
        return None
    if not request.static:
        variables = read_env_file(request.env_file) if request.env_file else {}
        python = kept["python"]
        if python is None or Memory.of(root, Path(python), request.app, variables).recall() is None:
            return None
    return CheckResult.model_validate(kept["result"])


def _keep(place: Remembered, result: CheckResult, python: str | None) -> None:
    place.keep(json.dumps({"python": python, "result": result.model_dump(mode="json")}))


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: (one.file, one.line, one.rule)))


def narrowed(findings: Sequence[Finding], request: CheckRequest, settings: Settings, root: Path) -> tuple[Finding, ...]:
    """Return the findings that are asked for. Raises `InputError` for a path that is not in the project."""
    wanted = [_below(path, root) for path in request.paths]
    return tuple(
        one
        for one in findings
        if not settings.ignores(one.file, one.rule, one.category)
        and (not wanted or any(one.file == path or one.file.startswith(f"{path}/") or path == "." for path in wanted))
        and (not request.under or _is_under(one.endpoint, request.under))
    )


def _below(path: Path, root: Path) -> str:
    absolute = path.resolve() if path.exists() else (root / path).resolve()
    if not absolute.exists() or not absolute.is_relative_to(root):
        raise InputError(f"{path} is not in {root}", hint="name files and directories of the project")
    return absolute.relative_to(root).as_posix()


def _is_under(endpoint: str | None, under: str) -> bool:
    path = (endpoint or "").partition(" ")[2]
    return path == under or path.startswith(f"{under.rstrip('/')}/")


def _unused(found: Audit) -> tuple[UnusedSuppression, ...]:
    return tuple(
        UnusedSuppression(file=one.file, line=one.line, rules=one.rules, complaint=one.complaint)
        for one in found.suppressions
    )


def _against_baseline(result: CheckResult, request: CheckRequest) -> CheckResult:
    if request.write_baseline is not None:
        write_baseline(request.write_baseline, result.findings)
        return result.model_copy(update={"findings": (), "in_baseline": len(result.findings)})
    if request.baseline is None:
        return result
    known = read_baseline(request.baseline)
    new = tuple(one for one in result.findings if one.fingerprint not in known)
    return result.model_copy(update={"findings": new, "in_baseline": len(result.findings) - len(new)})


def describe_rules() -> tuple[tuple[str, str, str, str], ...]:
    """Return name, category, severity and title of every rule."""
    return tuple((one.name, one.rule.category, one.rule.severity, one.page.title) for one in map(load, names()))
