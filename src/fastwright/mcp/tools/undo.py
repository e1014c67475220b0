"""`undo` as a tool."""

from __future__ import annotations

from fastwright.mcp.verbtool import VerbTool
from fastwright.verbs.undo import UndoRequest, UndoResult, undo

TOOL = VerbTool(
    title="Take back a change",
    description=(
        "Take back the last change that Fastwright landed, byte for byte, or everything from one change on. Refused "
        "where the files were edited since."
    ),
    effect="changes",
    request=UndoRequest,
    result=UndoResult,
    run=lambda request, _progress: undo(request),
    about={
        "change": "The id of a landed change: it and everything after it is taken back.",
        "keep_edits": "Keep what was edited since, where it leaves the lines of the change alone.",
    },
)
