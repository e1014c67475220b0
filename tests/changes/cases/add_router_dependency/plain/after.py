from fastapi import APIRouter, Depends

from app.auth import get_user

router = APIRouter(dependencies=[Depends(get_user)])
