# -*- coding: latin-1 -*-
from fastapi import APIRouter, Depends

from app.auth import get_user

router = APIRouter()


@router.get("/café", dependencies=[Depends(get_user)])  # é
def read_items():
    return []
