from fastapi import APIRouter

router = APIRouter()


@router.get("/items")
async def read_items(
    page: int = 1,
    size: int = 20,
    **extra: str,
) -> list:
    return []
