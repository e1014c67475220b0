from fastapi import APIRouter
from app.cache import cached
router = APIRouter()

@router.get("/items")
@router.get("/things", include_in_schema=False)
@cached(ttl=10)
async def read_items():
    return []
