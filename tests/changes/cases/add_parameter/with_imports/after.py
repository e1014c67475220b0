from typing import Annotated

from fastapi import APIRouter, Query


def list_items(q: str | None = None, limit: Annotated[int, Query(le=100)] = 20): ...
