async def list_items(a, b=1, *args, c, limit: int, **kw):
    pass
