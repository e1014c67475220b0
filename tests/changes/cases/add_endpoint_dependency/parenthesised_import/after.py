from fastapi import (
    APIRouter,
    Depends,
    HTTPException,
    Query,  # for pages
    status,
)

from app.auth import (  # who
    RoleChecker, get_token, get_user
)

router = APIRouter()


@router.get("/items", dependencies=[Depends(get_user)])
def read_items(): return []
