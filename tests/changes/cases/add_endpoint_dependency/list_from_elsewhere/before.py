from fastapi import APIRouter
from app.limits import COMMON

router = APIRouter()

@router.get("/items", dependencies=COMMON)
def read_items(): return []
