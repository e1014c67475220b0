from fastapi import APIRouter, Depends
from app.auth import get_user
from app.limits import limit

router = APIRouter()
COMMON = [Depends(limit)]

@router.get("/items", dependencies=[*COMMON, Depends(get_user)])
def read_items(): return []
