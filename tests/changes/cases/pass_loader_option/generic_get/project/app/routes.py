from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from app.database import get_db
from app.models import Depot
from app.repository import Repository

router = APIRouter()


@router.get("/depots")
def read_depots(db: Session = Depends(get_db)):
    return Repository(Depot, db).list(50)
