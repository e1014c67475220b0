from fastapi import APIRouter, Depends
from typing_extensions import Annotated

from app.database import Session, get_session

router = APIRouter()


@router.get("/items")
def read_items(session: Annotated[Session, Depends(get_session)]):
    return []
