"""What makes an order, as JSON."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from tests.factories.products import make_product


async def order_body(session: AsyncSession) -> dict[str, Any]:
    """Return JSON that makes an order."""
    return {
        "quantity": 1,
        "unit_price": "1.00",
        "paid": False,
        "note": "Alder",
        "product_id": str((await make_product(session)).id),
    }
