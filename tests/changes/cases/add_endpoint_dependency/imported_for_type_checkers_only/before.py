from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

if TYPE_CHECKING:
    from app.auth import get_user

router = APIRouter()


@router.get("/items")
def read_items() -> None:
    reveal: get_user
