from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Author


async def read(db):
    return await db.run_sync(lambda s: [a.name for a in s.scalars(select(Author))])
