from fastapi import APIRouter, Depends
from app.auth import get_user
from app.limits import limit, quota

router = APIRouter()

@router.get(
    "/items",
    dependencies=[
        Depends(limit),  # calls per minute
        Depends(quota),
        Depends(get_user),
    ],  # who may
    summary="Items",
)
def read_items(): return []
