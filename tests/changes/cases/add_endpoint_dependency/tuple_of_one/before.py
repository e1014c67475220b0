from fastapi import APIRouter, Depends
from app.limits import limit

router = APIRouter()

@router.get("/items", dependencies=(Depends(limit),))
def read_items(): return []
