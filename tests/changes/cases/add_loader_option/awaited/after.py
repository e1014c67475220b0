from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.models import Author


async def read(db):
    authors = (
        await db.scalars(
            select(Author)
            .where(Author.active)
            .limit(10)
            .options(selectinload(Author.books))
        )
    ).all()
    return authors
