"""Orders for tests."""

from decimal import Decimal
from itertools import count

from sqlalchemy.ext.asyncio import AsyncSession

from app.orders.models import Order
from tests.factories.products import make_product
from tests.factories.users import make_user

# Far from the values that tests choose.
_numbers = count(1000)


async def make_order(session: AsyncSession, **values: object) -> Order:
    """Insert an order; what is not given is made up, and so is whatever it needs."""
    number = next(_numbers)
    if "product_id" not in values:
        values["product_id"] = (await make_product(session)).id
    if "buyer_id" not in values:
        values["buyer_id"] = (await make_user(session)).id
    defaults: dict[str, object] = {
        "quantity": 1,
        "unit_price": Decimal("1.00"),
        "paid": False,
        "note": f"Note {number}",
    }
    row = Order(**(defaults | values))
    session.add(row)
    await session.flush()
    return row
