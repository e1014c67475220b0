"""`add` as a tool."""

from __future__ import annotations

from fastwright.mcp.verbtool import VerbTool
from fastwright.recipes._catalog import recipes
from fastwright.render.add import add_as_data
from fastwright.verbs.add import AddRequest, AddResult, add


def _capabilities() -> str:
    """Return every capability with its arguments; those that it needs are marked."""
    told: list[str] = []
    for name, recipe in recipes().items():
        fields = [f"{field.alias or key}{'!' * field.is_required()}" for key, field in recipe.wish.model_fields.items()]
        told.append(f"{name} ({', '.join(fields)})" if fields else name)
    return "; ".join(told)


TOOL = VerbTool(
    title="Add a capability",
    description=(
        "Add a capability to the app, in its own style. Proven on a copy before it lands: it works and did not before, "
        "and what worked before still does, the project's own tests included. Refused, with the reason, where it does "
        "not fit. Asking for what is there already changes nothing."
    ),
    effect="changes",
    request=AddRequest,
    result=AddResult,
    run=add,
    as_data=add_as_data,
    about={
        "capability": f"What to add, and in brackets its arguments (`!`: it needs them): {_capabilities()}.",
        "args": "The arguments of the capability, by name.",
    },
)
