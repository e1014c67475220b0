from typing import Annotated

from fastapi import APIRouter, Depends

from app.auth import get_user
from app.models import User

router = APIRouter()


@router.get("/items")
async def read_items(
    page: int,  # from 1
    user: Annotated[User, Depends(get_user)],
    size: int = 20
) -> list:
    return []
