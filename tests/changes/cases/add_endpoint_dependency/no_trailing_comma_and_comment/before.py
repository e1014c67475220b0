from fastapi import APIRouter

router = APIRouter()


@router.post(
    "/items",  # the list
    status_code=201  # created
    # more to come
)
async def create_item():
    return {}
