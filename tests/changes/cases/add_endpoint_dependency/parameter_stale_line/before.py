from fastapi import APIRouter

router = APIRouter()


# a
# b
@router.get("/items")
def read_items(page = 1): return []
