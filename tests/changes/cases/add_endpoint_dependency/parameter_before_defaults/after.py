from typing import Annotated

from fastapi import APIRouter, Depends

from app.auth import get_user
from app.models import User

router = APIRouter()


@router.get("/items/{item_id}")
async def read_item(
    item_id: int,
    q: str | None = None,
    *,
    full: bool = False,
    user: Annotated[User, Depends(get_user)],
) -> dict:
    return {}
