from fastapi import APIRouter, Header

router = APIRouter()


@router.get("/items")
def read_items():
    return []


def get_user(authorization: str = Header()):
    return authorization
