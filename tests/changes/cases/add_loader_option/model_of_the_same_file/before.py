from sqlalchemy import select


class Author: ...


class Book: ...


async def read(db):
    result = await db.execute(select(Author))
    return result.scalars().all()
