"""What makes a category, as JSON."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from tests.factories.categories import make_category


async def category_body(session: AsyncSession) -> dict[str, Any]:
    """Return JSON that makes a category."""
    return {
        "name": "Alder",
        "parent_id": str((await make_category(session)).id),
    }
