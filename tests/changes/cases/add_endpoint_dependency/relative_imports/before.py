from fastapi import APIRouter
from fastapi import Depends

from .auth import get_token, get_user
from .models import Item

router = APIRouter()


@router.get("/items")
def read_items():
    return []
