"""What makes a product, as JSON."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from tests.factories.categories import make_category
from tests.factories.tags import make_tag


async def product_body(session: AsyncSession) -> dict[str, Any]:
    """Return JSON that makes a product."""
    return {
        "name": "Alder",
        "summary": "Alder",
        "price": "1.00",
        "stock": 1,
        "status": "draft",
        "homepage": "https://example.org/alder",
        "contact": "alder@example.org",
        "category_id": str((await make_category(session)).id),
        "tag_ids": [str((await make_tag(session)).id)],
    }
