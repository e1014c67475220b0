from fastapi import APIRouter, Depends
from app.limits import limit, quota

router = APIRouter()

@router.get(
    "/items",
    dependencies=[
        Depends(limit),  # calls per minute
        Depends(quota),
    ],  # who may
    summary="Items",
)
def read_items(): return []
