"""Tags for tests."""

from itertools import count

from sqlalchemy.ext.asyncio import AsyncSession

from app.tags.models import Tag

# Far from the values that tests choose.
_numbers = count(1000)


async def make_tag(session: AsyncSession, **values: object) -> Tag:
    """Insert a tag; what is not given is made up, and so is whatever it needs."""
    number = next(_numbers)
    defaults: dict[str, object] = {
        "name": f"Name {number}",
    }
    row = Tag(**(defaults | values))
    session.add(row)
    await session.flush()
    return row
