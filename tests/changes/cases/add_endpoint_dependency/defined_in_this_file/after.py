from fastapi import APIRouter, Depends, Header

router = APIRouter()


def get_user(authorization: str = Header()):
    return authorization


@router.get("/items", dependencies=[Depends(get_user)])
def read_items():
    return []
