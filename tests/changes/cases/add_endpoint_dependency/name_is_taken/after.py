from fastapi import APIRouter, Depends
from app.auth import get_user as auth_get_user
from app.legacy import get_user

router = APIRouter()


@router.get("/items", dependencies=[Depends(auth_get_user)])
def read_items():
    return [get_user()]
