from celery_helpers import Depends

from fastapi import APIRouter

router = APIRouter()


@router.get("/items")
def read_items():
    return [Depends]
