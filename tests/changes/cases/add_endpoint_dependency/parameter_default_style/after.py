from fastapi import APIRouter, Depends

from app.auth import get_user
from app.models import User

router = APIRouter()


@router.get("/items")
async def read_items(
    page: int = 1,
    size: int = 20,
    user: User = Depends(get_user),
    **extra: str,
) -> list:
    return []
