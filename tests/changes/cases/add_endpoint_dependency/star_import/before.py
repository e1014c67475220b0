from fastapi import *
from app.models import *

router = APIRouter()


@router.get("/items")
def read_items():
    return []
