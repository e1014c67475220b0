from typing import Annotated

from fastapi import APIRouter, Depends

from app.auth import get_user
from app.models import User

router = APIRouter()


class Items:
    @router.get("/items")
    def read(self, /, user: Annotated[User, Depends(get_user)]):
        return []
