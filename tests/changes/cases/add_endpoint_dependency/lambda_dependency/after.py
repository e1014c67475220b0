from fastapi import APIRouter, Depends

from app.auth import get_user

router = APIRouter()


@router.get("/items", dependencies=[Depends(lambda user=Depends(get_user): user.id)])
def read_items(): return []
