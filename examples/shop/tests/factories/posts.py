"""Posts for tests."""

from datetime import datetime
from itertools import count

from sqlalchemy.ext.asyncio import AsyncSession

from app.posts.models import Post
from tests.factories.users import make_user

# Far from the values that tests choose.
_numbers = count(1000)


async def make_post(session: AsyncSession, **values: object) -> Post:
    """Insert a post; what is not given is made up, and so is whatever it needs."""
    number = next(_numbers)
    if "author_id" not in values:
        values["author_id"] = (await make_user(session)).id
    defaults: dict[str, object] = {
        "title": f"Title {number}",
        "body": f"Body {number}",
        "published_at": datetime.fromisoformat("2026-03-01T12:00:00Z"),
    }
    row = Post(**(defaults | values))
    session.add(row)
    await session.flush()
    return row
