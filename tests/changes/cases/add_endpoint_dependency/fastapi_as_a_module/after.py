import fastapi as fa

import app.auth

router = fa.APIRouter()


@router.get("/items", dependencies=[fa.Depends(app.auth.get_user)])
def read_items():
    return []
