from fastapi import APIRouter, \
    Query
from app.models import Item, \
    User

router = APIRouter()

@router.get("/items")
def read_items(q: str = Query("")): return []
