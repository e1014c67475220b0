from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import get_db
from app.models import Order

router = APIRouter()


@router.get('/orders')
def read_orders(db: Session = Depends(get_db), page: int = 1):
    return db.scalars(select(Order)).all()
