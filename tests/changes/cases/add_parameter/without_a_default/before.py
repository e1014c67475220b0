async def list_items(a, b=1, *args, c, **kw):
    pass
