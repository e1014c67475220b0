"""What was decided for a design, and what its owner should know."""

from __future__ import annotations

from fastwright.design.model import Access, Design

ACTIONS = ("list", "read", "create", "update", "delete")


def explain_backend(design: Design) -> str:
    """Return a short text: who may do what, the decisions behind it, the risks, and what to do next."""
    lines = ["Who may do what", *_access_table(design), ""]
    lines += [
        "Decisions",
        "  Everything is closed unless it is on the public list in app/public.py; the app refuses to start otherwise.",
        "  Rows of other people are answered with 404, so that nobody learns which exist.",
        "  Access tokens live ten minutes; refresh tokens work once, and a replayed one ends the login.",
        "",
        "Watch",
        "  Limits, cache and background mail live in one process. Run one, or put them on Redis first.",
        "  Set SECRET_KEY, DATABASE_URL and SMTP_URL for production; the app refuses to start without a real secret.",
        "",
        "Next",
        f"  cd {design.name} && make dev      then open http://localhost:8000/docs",
        "  make admin                     the first administrator",
    ]
    return "\n".join(lines)


def describe_access(access: Access) -> str:
    """Return an access rule in a word or two."""
    roles = " or ".join(access.roles)
    match access.level:
        case "owner":
            return f"owner or {roles}" if roles else "owner"
        case "role":
            return roles
        case _:
            return access.level


def _access_table(design: Design) -> list[str]:
    rows = [["", *ACTIONS]]
    for resource in design.resources:
        rules = [describe_access(getattr(resource.access, action)) for action in ACTIONS]
        rows.append([resource.plural, *rules])
    widths = [max(len(row[column]) for row in rows) for column in range(len(ACTIONS) + 1)]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
