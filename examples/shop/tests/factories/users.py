"""Users that other rows refer to; tests that log in take the fixture `make_user`."""

from itertools import count

from sqlalchemy.ext.asyncio import AsyncSession

from app.users.models import User

_numbers = count(1)


async def make_user(session: AsyncSession, **values: object) -> User:
    """Insert a user who cannot log in."""
    number = next(_numbers)
    defaults: dict[str, object] = {
        "email": f"person{number}@example.org",
        "display_name": f"Person {number}",
        "password_hash": "!",
    }
    user = User(**(defaults | values))
    session.add(user)
    await session.flush()
    return user
