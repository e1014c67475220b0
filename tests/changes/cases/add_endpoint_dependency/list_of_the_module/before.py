from fastapi import APIRouter, Depends
from app.limits import limit

router = APIRouter()
COMMON = [Depends(limit)]

@router.get("/items", dependencies=COMMON)
def read_items(): return []
