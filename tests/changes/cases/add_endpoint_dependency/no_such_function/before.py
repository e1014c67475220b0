from fastapi import APIRouter

router = APIRouter()


@router.get("/a")
def read():
    return 1
