import fastapi as fa

import app.auth

router = fa.APIRouter()


@router.get("/items")
def read_items():
    return []
