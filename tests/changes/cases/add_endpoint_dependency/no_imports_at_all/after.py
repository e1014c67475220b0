"""Items, on a router that the loader puts here."""

from fastapi import Depends

from app.auth import get_user


@router.get("/items", dependencies=[Depends(get_user)])
def read_items(): return []
