from fastapi import APIRouter
router = APIRouter()

@router.get("/items")
@router.get("/admin/items")
async def read_items():
    return []
