from fastapi import APIRouter, Depends

from app.auth import get_user

router = APIRouter()


@router.post(
    "/items",  # the list
    status_code=201,  # created
    # more to come
    dependencies=[Depends(get_user)]
)
async def create_item():
    return {}
