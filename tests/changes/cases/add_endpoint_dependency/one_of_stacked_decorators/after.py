from fastapi import APIRouter, Depends

from app.auth import get_user
router = APIRouter()

@router.get("/items")
@router.get("/admin/items", dependencies=[Depends(get_user)])
async def read_items():
    return []
