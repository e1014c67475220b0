"""`prove` as a tool."""

from __future__ import annotations

from fastwright.mcp.verbtool import VerbTool
from fastwright.verbs.prove import ProveRequest, ProveResult, prove

TOOL = VerbTool(
    title="Prove your change",
    description=(
        "Hold the work tree against a commit: who may call what, the contract, the project's tests, the migrations. "
        "Call it after every change that you made by hand, and before you say that you are done. The verdict is "
        "`proven`, `incomplete` (a step could not be done: say which) or `broken` (mend it). It changes nothing."
    ),
    effect="reads",
    request=ProveRequest,
    result=ProveResult,
    run=prove,
    about={
        "base": "The commit to compare with; without it HEAD, or where the branch began.",
        "allow": "What the person wants to break: a rule, an endpoint, or both, such as 'auth-required GET /items'.",
        "tests": "Run the project's own tests.",
        "queries": "Count the statements of each GET on both sides.",
        "seconds": "The time limit for the tests of one tree.",
    },
)
