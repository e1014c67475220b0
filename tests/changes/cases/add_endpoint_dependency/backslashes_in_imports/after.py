from fastapi import APIRouter, \
    Depends, \
    Query
from app.auth import get_user
from app.models import Item, \
    User

router = APIRouter()

@router.get("/items", dependencies=[Depends(get_user)])
def read_items(q: str = Query("")): return []
