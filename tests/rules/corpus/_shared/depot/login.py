from fastapi import Depends, Header, HTTPException

from depot.base import User, get_db
from depot.tokens import read


def current_user(authorization: str = Header(...), db=Depends(get_db)):
    user = db.query(User).filter(User.id == read(authorization)).first()
    if user is None:
        raise HTTPException(401, "who are you?")
    return user


def admin_only(user: User = Depends(current_user)):
    if not user.is_admin:
        raise HTTPException(403, "admins only")
    return user
