"""`protect` as a tool."""

from __future__ import annotations

from fastwright.mcp.verbtool import VerbTool
from fastwright.render.protect import protect_as_data
from fastwright.verbs.protect import ProtectRequest, ProtectResult, protect

TOOL = VerbTool(
    title="Protect endpoints",
    description=(
        "Put the app's own guard on the endpoints at a path and below, and on no others. Proven on a copy before it "
        "lands: strangers are refused, known callers are answered as before, everything else and the project's tests "
        "are as they were. It never makes up a guard; an app without one is refused with the reason."
    ),
    effect="changes",
    request=ProtectRequest,
    result=ProtectResult,
    run=protect,
    as_data=protect_as_data,
    about={
        "path": "A path as the project writes it, such as /api/posts; it covers everything below.",
        "methods": "These methods alone, such as ['POST', 'DELETE'].",
        "role": "Let through only callers with this role.",
        "exceptions": "Paths that stay as they are, with everything below them.",
    },
)
