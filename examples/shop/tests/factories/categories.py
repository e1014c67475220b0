"""Categories for tests."""

from itertools import count

from sqlalchemy.ext.asyncio import AsyncSession

from app.categories.models import Category

# Far from the values that tests choose.
_numbers = count(1000)


async def make_category(session: AsyncSession, **values: object) -> Category:
    """Insert a category; what is not given is made up, and so is whatever it needs."""
    number = next(_numbers)
    defaults: dict[str, object] = {
        "name": f"Name {number}",
    }
    row = Category(**(defaults | values))
    session.add(row)
    await session.flush()
    return row
