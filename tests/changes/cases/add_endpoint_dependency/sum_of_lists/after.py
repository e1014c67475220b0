from fastapi import APIRouter, Depends
from app.auth import get_user
from app.limits import COMMON, limit

router = APIRouter()

@router.get("/items", dependencies=COMMON + [Depends(limit), Depends(get_user)])
def read_items(): return []
