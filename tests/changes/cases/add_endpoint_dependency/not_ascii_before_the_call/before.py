from fastapi import APIRouter

router = APIRouter()


"é"; x = "日本"
@router.get("/é", summary="日本語")
def read_items():
    return []
