from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy.orm import Session

from .db import get_db
from .schemas import StageOut
from .services import programme

router = APIRouter(prefix="/programme", tags=["programme"])


@router.get("", response_model=list[StageOut])
def read_programme(limit: int = 50, db: Session = Depends(get_db)):
    return programme(db, limit)


app = FastAPI()
app.include_router(router)


@app.get("/health")
def health():
    return {"status": "ok"}
