from fastapi import APIRouter

router = APIRouter()


@router.get("/items")
async def read_items(
    page: int,  # from 1
    size: int = 20
) -> list:
    return []
