async def fetch(db, model, key: int):
    return await db.get(model, key)
