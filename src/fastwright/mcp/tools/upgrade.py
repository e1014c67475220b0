"""`upgrade` as a tool."""

from __future__ import annotations

from fastwright.mcp.verbtool import VerbTool
from fastwright.render.upgrade import upgrade_as_data
from fastwright.verbs.upgrade import UpgradeRequest, UpgradeResult, upgrade

TOOL = VerbTool(
    title="Upgrade a project",
    description=(
        "Bring a project that `new` wrote to today's template, or to a changed design: each file is merged three ways "
        "with what was generated, so every edit stays. Where edits and the template meet, both are shown and nothing "
        "is written. Tables change by a new revision. Proven on a copy before it lands."
    ),
    effect="changes",
    request=UpgradeRequest,
    result=UpgradeResult,
    run=upgrade,
    as_data=upgrade_as_data,
    about={
        "design": "A design file (YAML) to bring the project to, in place of the one that it was written from.",
        "keep": "Files that stay as they are, whatever the template changed in them.",
    },
)
