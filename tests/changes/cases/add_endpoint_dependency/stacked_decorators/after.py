from fastapi import APIRouter, Depends
from app.auth import get_user
from app.cache import cached
router = APIRouter()

@router.get("/items", dependencies=[Depends(get_user)])
@router.get("/things", include_in_schema=False, dependencies=[Depends(get_user)])
@cached(ttl=10)
async def read_items():
    return []
