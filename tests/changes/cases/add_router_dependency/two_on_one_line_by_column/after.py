from fastapi import APIRouter, Depends

from app.auth import get_user
"é"; a = APIRouter(prefix="/é"); b = APIRouter(dependencies=[Depends(get_user)])
