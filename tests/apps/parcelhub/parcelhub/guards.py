from fastapi import Depends, HTTPException, status
from fastapi.security import APIKeyHeader
from sqlalchemy import select
from sqlalchemy.orm import Session

from .db import db_session
from .models import Staff

staff_token = APIKeyHeader(name="X-Staff-Token", scheme_name="StaffToken")


def staff_member(token: str = Depends(staff_token), db: Session = Depends(db_session)) -> Staff:
    who = db.scalar(select(Staff).where(Staff.token == token))
    if who is None:
        raise HTTPException(status.HTTP_401_UNAUTHORIZED, "Unknown token")
    return who


def needs_role(*roles: str):
    """Depends(needs_role("dispatcher", "admin"))"""

    def role_guard(who: Staff = Depends(staff_member)) -> Staff:
        if who.role not in roles:
            raise HTTPException(status.HTTP_403_FORBIDDEN, "Not for your role")
        return who

    return role_guard
