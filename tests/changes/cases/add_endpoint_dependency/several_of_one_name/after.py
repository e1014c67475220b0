from fastapi import APIRouter, Depends

from app.auth import get_user

router = APIRouter()


@router.get("/a")
def read():
    return 1


@router.get("/b", dependencies=[Depends(get_user)])
def read():
    return 2
