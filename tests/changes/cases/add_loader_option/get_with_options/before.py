from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.models import Author


async def read(db, key: int):
    return await db.get(
        Author,
        key,
        options=[joinedload(Author.country)],
    )
