from fastapi import APIRouter

router = APIRouter()


@router.get("/items")
def read_items():
    return []


from app.auth import get_user  # noqa: E402
