from collections.abc import Sequence

from sqlalchemy.orm.interfaces import ORMOption


async def fetch(db, model, key: int, options: Sequence[ORMOption] = ()):
    return await db.get(model, key, options=options)
