from typing import Annotated

from fastapi import APIRouter, Depends

from app.auth import get_user
from app.models import User

router = APIRouter()


@router.get("/items")
def read_items(user: Annotated[User, Depends(get_user)], page: int = 1, size: int = 20):
    return []
