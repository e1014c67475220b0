from fastapi import APIRouter, Depends

from app.auth import get_user

router = APIRouter()


# a
# b
@router.get("/items")
def read_items(page = 1, user=Depends(get_user)): return []
