"""What makes a post, as JSON."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from tests.factories.tags import make_tag


async def post_body(session: AsyncSession) -> dict[str, Any]:
    """Return JSON that makes a post."""
    return {
        "title": "Alder",
        "body": "Alder",
        "published_at": "2026-03-01T12:00:00Z",
        "tag_ids": [str((await make_tag(session)).id)],
    }
