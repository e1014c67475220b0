from fastapi import Depends
from app.auth import get_user

from app.routing import Versioned

router = Versioned("/v1", dependencies=[Depends(get_user)])
