"""`optimize` as a tool."""

from __future__ import annotations

from fastwright.mcp.verbtool import VerbTool
from fastwright.render.optimize import optimize_as_data
from fastwright.verbs.optimize import OptimizeRequest, OptimizeResult, optimize

TOOL = VerbTool(
    title="Optimize queries",
    description=(
        "Measure how many statements each endpoint needs as rows grow, follow what grows to the line that causes it, "
        "fix it, and measure again. It lands only if the growth is gone, every endpoint answers as before and the "
        "project's tests pass as they did. With `dry_run` it measures and proposes."
    ),
    effect="changes",
    request=OptimizeRequest,
    result=OptimizeResult,
    run=optimize,
    as_data=optimize_as_data,
    about={
        "path": "Fix the endpoints at this path and below; all of them, if left out.",
        "sizes": "How many rows it is measured with: a few, and more.",
        "indexes": "Also add indexes that are missing, with a migration.",
        "writes": "Measure POST, PUT, PATCH and DELETE, too.",
    },
)
