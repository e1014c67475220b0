from fastapi import APIRouter

router = APIRouter()


@router.post(
    "/items",
    response_model=None,
    status_code=201,
)
async def create_item():
    return {}
