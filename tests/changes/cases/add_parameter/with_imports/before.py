from fastapi import APIRouter


def list_items(q: str | None = None): ...
