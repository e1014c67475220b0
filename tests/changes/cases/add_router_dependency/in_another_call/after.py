from fastapi import APIRouter, Depends

from app.auth import get_user

router = traced(APIRouter(
    prefix="/items",
    dependencies=[Depends(get_user)]))
