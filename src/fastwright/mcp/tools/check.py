"""`check` as a tool."""

from __future__ import annotations

import json
from typing import Any

from fastwright.mcp.verbtool import NOT_FOR_CLIENTS, VerbTool
from fastwright.render.check import result_as_json
from fastwright.verbs.check import CheckRequest, CheckResult, check


def _as_data(result: CheckResult) -> dict[str, Any]:
    return json.loads(result_as_json(result))


TOOL = VerbTool(
    title="Audit the backend",
    description=(
        "Find what is wrong in security, correctness and performance: each finding has file, line, endpoint, why it "
        "hurts, and how that is known. Its code is followed from the endpoints, and the app is called without "
        "credentials on a copy. It changes nothing; no finding is no promise that nothing is wrong."
    ),
    effect="reads",
    request=CheckRequest,
    result=CheckResult,
    run=lambda request, _progress: check(request),
    as_data=_as_data,
    about={
        "paths": "Files and directories: findings elsewhere are not told.",
        "under": "The path of endpoints, such as /orders: findings at others are not told.",
        "select": "Only these rules, or categories: access, contract, data, errors.",
        "ignore": "Not these rules, or categories of rules.",
        "static": "Read the source only and run none of it.",
        "ruff": "Also tell what ruff says of other lines.",
        "coverage": "Run the project's own tests on a copy, and tell which endpoints none of them calls.",
        "rows": "Call every GET of a copy with rows in its tables, and tell where a secret comes back.",
        "baseline": "A file with findings that are known; they are not told again.",
    },
    hidden=NOT_FOR_CLIENTS | {"write_baseline"},  # a tool that reads must not write a file
)
