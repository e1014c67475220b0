"""`new` as a tool."""

from __future__ import annotations

from fastwright.mcp.verbtool import NOT_FOR_CLIENTS, VerbTool
from fastwright.render.new import new_as_data
from fastwright.verbs.new import NewRequest, NewResult, new

TOOL = VerbTool(
    title="Create a backend",
    description=(
        "Write a new FastAPI backend into a new folder, from a design file or from resources in short, and prove it: "
        "style, types, migrations, tests, boot and contract. Accounts, logins and roles are always there. It takes a "
        "minute or more; nothing is written unless everything passed."
    ),
    effect="creates",
    request=NewRequest,
    result=NewResult,
    run=new,
    as_data=new_as_data,
    about={
        "name": "The name of the backend and of its folder, such as book-shop.",
        "design": "A design file (YAML), in place of `resources`.",
        "resources": "Resources in short, such as 'Post title:str(1..200) body:text author:->User'.",
        "from_openapi": "An OpenAPI document (JSON or YAML) to take the resources from, in place of `resources`.",
        "options": "More that it shall have: `http-client` (calls other services), `oidc` (sign-in), `admin` (a page).",
        "directory": "Where the new folder is put.",
    },
    hidden=NOT_FOR_CLIENTS | {"from_db"},  # which database is read is for the person to say
)
