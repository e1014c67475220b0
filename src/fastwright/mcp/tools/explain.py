"""`explain` as a tool."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from fastwright.design.model import Frozen
from fastwright.diagnose.inputs import Typed
from fastwright.errors import InputError
from fastwright.mcp.verbtool import VerbTool
from fastwright.project.where import Where
from fastwright.proof.model import Progress, silent
from fastwright.verbs.explain import Explained, ExplainRequest, explain


class ToldRequest(Frozen):
    """The request in parts. Unlike at the terminal none of them can name a file, which would be read wherever it is."""

    endpoint: str = Field(description="Method and path, such as 'POST /api/products'.")
    body: object = Field(default=None, description="The body that was sent, as JSON.")
    headers: tuple[str, ...] = Field(default=(), description="Headers, each 'Name: value'.")
    query: tuple[str, ...] = Field(default=(), description="Values of the query string, each 'name=value'.")
    form: tuple[str, ...] = Field(default=(), description="Fields of a form, each 'name=value'.")
    response: str = Field(default="", description="What the app answered, where it was sent elsewhere.")
    project: Path = Path()
    python: Path | None = None
    app: str | None = None
    env_file: Path | None = None


def explained(told: ToldRequest, *, fix: bool = False, dry_run: bool = False, progress: Progress = silent) -> Explained:
    """Explain what was told, and with `fix` change the app. Raises `InputError` for a body that is a file."""
    if isinstance(told.body, str) and told.body.startswith("@"):
        raise InputError("a body in a file cannot be read from here", hint="give the body itself")
    parts = {"endpoint", "body", "headers", "query", "form"}
    typed = Typed(**told.model_dump(include=parts))
    where = {name: getattr(told, name) for name in (*Where.model_fields, "response")}
    return explain(ExplainRequest(typed=typed, fix=fix, dry_run=dry_run, **where), progress)


TOOL = VerbTool(
    title="Explain a refused request",
    description=(
        "Tell why a request is refused: what was got, what is expected, where that is in the code, and a corrected "
        "request that was sent and accepted. It runs in the app itself, on a copy and a scratch database. With the "
        "endpoint alone it tells what is accepted. Where a change to the app is known that lets it accept the request, "
        "`change` and `diff` have that: tried on the copy, and landed only by `explain_fix`. This changes nothing."
    ),
    effect="reads",
    request=ToldRequest,
    result=Explained,
    run=lambda request, _progress: explained(request),
)
