from fastapi import APIRouter, Depends
from typing_extensions import Annotated

from app.auth import get_user
from app.database import Session, get_session
from app.models import User

router = APIRouter()


@router.get("/items")
def read_items(
    session: Annotated[Session, Depends(get_session)],
    user: Annotated[User, Depends(get_user)],
):
    return []
