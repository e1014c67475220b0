from fastapi import APIRouter, Depends

from app.auth import get_user

router = APIRouter()


@router.post(
    "/items",
    response_model=None,
    status_code=201,
    dependencies=[Depends(get_user)],
)
async def create_item():
    return {}
