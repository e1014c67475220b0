"""Items, on a router that the loader puts here."""
@router.get("/items")
def read_items(): return []
