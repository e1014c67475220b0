from fastapi import APIRouter

router = APIRouter()


@authenticated_get("/a")
def read():
    return 1
