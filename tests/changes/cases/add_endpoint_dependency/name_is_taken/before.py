from fastapi import APIRouter
from app.legacy import get_user

router = APIRouter()


@router.get("/items")
def read_items():
    return [get_user()]
