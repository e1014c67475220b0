from fastapi import APIRouter, Depends
from app.limits import COMMON, limit

router = APIRouter()

@router.get("/items", dependencies=COMMON + [Depends(limit)])
def read_items(): return []
