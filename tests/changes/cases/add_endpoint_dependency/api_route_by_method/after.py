from fastapi import APIRouter, Depends

from app.auth import get_user
router = APIRouter()

@router.get("/items")
@router.api_route("/items", methods=["PUT", "PATCH"], dependencies=[Depends(get_user)])
async def items():
    return []
