from fastapi import APIRouter, Depends
from app.auth import get_user
from app.limits import limit

router = APIRouter()

@router.get("/items", dependencies=(Depends(limit), Depends(get_user),))
def read_items(): return []
