"""The audit as workflow commands, which GitHub shows as annotations on the lines of a change."""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.verbs.check import CheckResult

_LEVELS = {"high": "error", "medium": "warning", "low": "notice"}


def commands(result: CheckResult) -> Iterator[str]:
    """Yield a command for each finding, and for each file that was not checked."""
    for finding in result.findings:
        where = f" ({finding.endpoint})" if finding.endpoint else ""
        text = f"{finding.message}{where}. {finding.why}"
        place = f"file={_property(finding.file)},line={finding.line},title={_property(finding.rule)}"
        yield f"::{_LEVELS[finding.severity]} {place}::{_text(text)}"
    for one in result.unread:
        yield f"::warning file={_property(one.file)},line={one.line},title=not checked::{_text(one.reason)}"


def _text(value: str) -> str:
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _text(value).replace(":", "%3A").replace(",", "%2C")
