from fastapi import APIRouter, Depends

from app.auth import get_user

router = APIRouter()


"é"; x = "日本"
@router.get("/é", summary="日本語", dependencies=[Depends(get_user)])
def read_items():
    return []
