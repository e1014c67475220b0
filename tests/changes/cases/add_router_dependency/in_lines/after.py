from fastapi import APIRouter, Depends

from app.auth import get_user

router = APIRouter(
    prefix="/items",
    tags=["items"],
    responses={404: {"description": "Not found"}},
    dependencies=[Depends(get_user)],
)
