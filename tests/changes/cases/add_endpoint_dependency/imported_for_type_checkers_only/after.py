from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends

from app.auth import get_user

if TYPE_CHECKING:
    from app.auth import get_user

router = APIRouter()


@router.get("/items", dependencies=[Depends(get_user)])
def read_items() -> None:
    reveal: get_user
