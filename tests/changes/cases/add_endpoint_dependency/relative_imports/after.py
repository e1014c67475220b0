from fastapi import APIRouter
from fastapi import Depends

from .auth import get_token, get_user
from .models import Item

router = APIRouter()


@router.get("/items", dependencies=[Depends(get_user)])
def read_items():
    return []
