from typing import Annotated

from fastapi import APIRouter, Depends

from app.auth import get_user
from app.models import User

router = APIRouter()
CurrentUser = Annotated[User, Depends(get_user)]


@router.get("/me")
def read_me(user: CurrentUser) -> str:
    return user.name
