from fastapi import APIRouter

router = APIRouter()


@router.get("/a")
def read():
    return 1


@router.get("/b")
def read():
    return 2
