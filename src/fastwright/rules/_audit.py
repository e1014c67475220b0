"""Run the rules over a project, and leave out what its people allow."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from fastwright.project.model import Project
from fastwright.rules import Known, load
from fastwright.rules._engine.endpoints import Unanswered
from fastwright.rules._engine.finding import Finding, Found
from fastwright.rules._engine.observed import Observed
from fastwright.rules._engine.reading import Files, Problem
from fastwright.rules._engine.view import View
from fastwright.rules._suppressions import Suppression, read_suppressions

FAULT = "this is a fault in Fastwright, please report it"


@dataclass(frozen=True)
class Audit:
    """What was found, with what the rules know of it, and what is allowed by comments."""

    findings: tuple[Finding, ...]
    found: tuple[tuple[Known, Found], ...]
    allowed: int
    suppressions: tuple[Suppression, ...]
    problems: tuple[Problem, ...]
    view: View


def get_ready(files: Files, names: Iterable[str]) -> None:
    """Do what takes no map: import the rules, and read what the functions do."""
    for name in names:
        load(name)
    for module in files.index.own:
        for one in (module, *module.functions):
            _ = one.facts


def audit(files: Files, project: Project | None, names: Iterable[str], observed: Observed | None = None) -> Audit:
    """Return what the named rules find."""
    return Auditing(View(files, project, observed), names).finish()


class Auditing:
    """Rules at work. Those that do not ask who may call an endpoint can find what they find before that is known."""

    def __init__(self, view: View, names: Iterable[str]) -> None:
        self._view = view
        self._names = tuple(names)
        self._problems: list[Problem] = list(view.files.problems)
        self._found: dict[str, list[Found]] = {}

    def begin(self, is_over: Callable[[], bool]) -> None:
        """Run rules on what the source claims, until the time for that is over."""
        for name in self._names:
            if is_over():
                return
            with suppress(Unanswered):
                self._run(name)

    @property
    def waiting(self) -> list[str]:
        """The rules that have not run yet."""
        return [name for name in self._names if name not in self._found]

    def finish(self, project: Project | None = None) -> Audit:
        """Run the other rules, on the map with the answers if there was none before, and return what all found."""
        if project is not None:
            self._view.answer(project)
        for name in self.waiting:
            self._run(name)
        return self._audit()

    def _run(self, name: str) -> None:
        self._found[name] = list(_safely(load(name), self._view, self._problems))

    def _audit(self) -> Audit:
        contents = self._view.files.contents
        suppressions = [one for path, content in contents.items() for one in read_suppressions(path, content)]
        kept: list[tuple[Known, Found]] = []
        allowed = 0
        for name in self._names:
            for found in self._found[name]:
                matching = [one for one in suppressions if one.allows(name, found)]
                for one in matching:
                    one.used.add(name)
                allowed += bool(matching)
                if not matching:
                    kept.append((load(name), found))
        kept.sort(key=lambda one: (one[1].file, one[1].line, one[0].name))
        unused = tuple(one for one in suppressions if one.is_unused(self._names))
        problems = self._problems
        findings = (_finding(self._view, known, found, number, problems) for (known, found), number in _numbered(kept))
        return Audit(tuple(findings), tuple(kept), allowed, unused, tuple(problems), self._view)


def _safely(known: Known, view: View, problems: list[Problem]) -> Iterator[Found]:
    """Yield what a rule finds, once for each place; where it cannot go on, that is told, and the others still speak."""
    seen: set[tuple[str, int, str]] = set()
    try:
        for found in known.find(view):
            key = (found.file, found.line, found.message)
            if key not in seen:
                seen.add(key)
                yield found
    except Unanswered:
        raise
    except RecursionError:
        problems.append(Problem("", 1, f"{known.name}: the code is nested too deeply"))
    except Exception as error:  # noqa: BLE001 - one rule that fails is no reason to say nothing of all the rest
        problems.append(_fault(known, error))


def _is_fixable(known: Known, view: View, found: Found, problems: list[Problem]) -> bool:
    try:
        return known.fix is not None and known.fix(view, found) is not None
    except Exception as error:  # noqa: BLE001 - what cannot be fixed is told all the same
        problems.append(_fault(known, error, found.file, found.line))
        return False


def _fault(known: Known, error: Exception, file: str = "", line: int = 1) -> Problem:
    return Problem(file, line, f"{known.name}: {FAULT}: {type(error).__name__}: {error}"[:300])


def _numbered(kept: list[tuple[Known, Found]]) -> Iterator[tuple[tuple[Known, Found], int]]:
    counts: dict[str, int] = {}
    for known, found in kept:
        key = _key(known, found)
        yield (known, found), counts.setdefault(key, 0)
        counts[key] += 1


def _key(known: Known, found: Found) -> str:
    endpoint = found.route.name if found.route else ""
    return f"{known.name}\0{found.file}\0{found.symbol}\0{endpoint}\0{found.message}"


def _finding(view: View, known: Known, found: Found, number: int, problems: list[Problem]) -> Finding:
    """Return the finding; its fingerprint does not change when lines move."""
    digest = hashlib.sha256(f"{_key(known, found)}\0{number}".encode()).hexdigest()
    return Finding(
        rule=known.name,
        category=known.rule.category,
        severity=found.severity or known.rule.severity,
        file=found.file,
        line=found.line,
        symbol=found.symbol,
        endpoint=found.route.name if found.route else None,
        message=found.message,
        why=known.page.why,
        certainty="shown by a run" if found.shown else "read from the code",
        fixable=_is_fixable(known, view, found, problems),
        standards=known.rule.standards,
        fingerprint=digest[:16],
    )
