from fastapi import APIRouter

router = APIRouter()


@router.get("/items", dependencies=None)
def read_items():
    return []
