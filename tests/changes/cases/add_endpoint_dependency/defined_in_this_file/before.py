from fastapi import APIRouter, Header

router = APIRouter()


def get_user(authorization: str = Header()):
    return authorization


@router.get("/items")
def read_items():
    return []
