# -*- coding: latin-1 -*-
from fastapi import APIRouter

router = APIRouter()


@router.get("/café")  # é
def read_items():
    return []
