from sqlalchemy import select
from sqlalchemy.orm import selectinload


class Author: ...


class Book: ...


async def read(db):
    result = await db.execute(
        select(Author).options(selectinload(Author.books).selectinload(Book.copies))
    )
    return result.scalars().all()
