"""Products for tests."""

from decimal import Decimal
from itertools import count

from sqlalchemy.ext.asyncio import AsyncSession

from app.products.models import Product, ProductStatus
from tests.factories.categories import make_category
from tests.factories.users import make_user

# Far from the values that tests choose.
_numbers = count(1000)


async def make_product(session: AsyncSession, **values: object) -> Product:
    """Insert a product; what is not given is made up, and so is whatever it needs."""
    number = next(_numbers)
    if "category_id" not in values:
        values["category_id"] = (await make_category(session)).id
    if "seller_id" not in values:
        values["seller_id"] = (await make_user(session)).id
    defaults: dict[str, object] = {
        "name": f"Name {number}",
        "summary": f"Summary {number}",
        "price": Decimal("1.00"),
        "stock": 1,
        "status": ProductStatus.DRAFT,
        "homepage": f"https://example.org/{number}",
        "contact": f"person{number}@example.org",
    }
    row = Product(**(defaults | values))
    session.add(row)
    await session.flush()
    return row
