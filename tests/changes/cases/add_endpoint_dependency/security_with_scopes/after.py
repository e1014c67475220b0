from fastapi import APIRouter, Security

from app.auth import get_user

router = APIRouter()


@router.get("/items", dependencies=[Security(get_user, scopes=["items"])])
def read_items():
    return []
