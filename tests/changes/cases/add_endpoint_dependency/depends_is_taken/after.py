from celery_helpers import Depends

from fastapi import APIRouter, Depends as FastapiDepends

from app.auth import get_user

router = APIRouter()


@router.get("/items", dependencies=[FastapiDepends(get_user)])
def read_items():
    return [Depends]
