from fastapi import APIRouter

router = APIRouter()


OPTIONS = {"tags": ["x"]}

@router.get("/items", **OPTIONS)
def read_items():
    return []
