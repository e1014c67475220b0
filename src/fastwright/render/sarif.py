"""The audit as SARIF 2.1.0, which code hosts show beside the lines."""

from __future__ import annotations

from typing import Any

from fastwright import __version__
from fastwright.rules import load, names
from fastwright.rules._engine.finding import Finding
from fastwright.verbs.check import CheckResult

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"high": "error", "medium": "warning", "low": "note"}
# GitHub sorts by this number, where 7.0 and above is high.
_SCORES = {"high": "8.0", "medium": "5.0", "low": "2.0"}


def sarif(result: CheckResult) -> dict[str, Any]:
    """Return the result as one SARIF log."""
    rules = sorted({finding.rule for finding in result.findings})
    number = {name: position for position, name in enumerate(rules)}
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "fastwright",
                        "semanticVersion": __version__,
                        "rules": [_rule(name, result) for name in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "invocations": [_invocation(result)],
                "results": [_result(finding, number[finding.rule]) for finding in result.findings],
            }
        ],
    }


def _rule(name: str, result: CheckResult) -> dict[str, Any]:
    found = next(finding for finding in result.findings if finding.rule == name)
    title = load(name).page.title if name in names() else found.message
    described: dict[str, Any] = {
        "id": name,
        "shortDescription": {"text": title},
        "fullDescription": {"text": found.why or title},
        "defaultConfiguration": {"level": _LEVELS[found.severity]},
        "properties": {"tags": [found.category, *found.standards], "security-severity": _SCORES[found.severity]},
    }
    return described


def _result(finding: Finding, number: int) -> dict[str, Any]:
    where = f" ({finding.endpoint})" if finding.endpoint else ""
    return {
        "ruleId": finding.rule,
        "ruleIndex": number,
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.message}{where}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": finding.file, "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": finding.line},
                }
            }
        ],
        "partialFingerprints": {"fastwright/v1": finding.fingerprint},
        "properties": {"certainty": finding.certainty, "endpoint": finding.endpoint},
    }


def _invocation(result: CheckResult) -> dict[str, Any]:
    notes = [
        {
            "level": "warning",
            "message": {"text": one.reason},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": one.file or ".", "uriBaseId": "%SRCROOT%"},
                        "region": {"startLine": one.line},
                    }
                }
            ],
        }
        for one in result.unread
    ]
    return {"executionSuccessful": True, "toolExecutionNotifications": notes}
