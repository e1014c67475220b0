from fastapi import (
    APIRouter,
    HTTPException,
    Query,  # for pages
    status,
)

from app.auth import (  # who
    RoleChecker, get_token
)

router = APIRouter()


@router.get("/items")
def read_items(): return []
