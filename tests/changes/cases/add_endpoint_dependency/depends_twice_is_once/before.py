from fastapi import APIRouter, Depends
from app import auth

router = APIRouter()


@router.get("/items", dependencies=[
    Depends( auth.get_user )
])
def read_items(): return []
