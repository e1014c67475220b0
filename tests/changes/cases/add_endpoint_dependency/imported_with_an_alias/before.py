from fastapi import APIRouter, Depends as D
from app.auth import get_user as current

router = APIRouter()


@router.get("/items")
def read_items():
    return []
