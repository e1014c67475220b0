from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer
from jose import JWTError, jwt
from passlib.context import CryptContext
from sqlmodel import Session, select

from clinic.db import Doctor, open_session
from clinic.env import SIGNING

oauth = OAuth2PasswordBearer(tokenUrl="auth/token")
crypt = CryptContext(schemes=["bcrypt"], deprecated="auto")


def get_current_doctor(token: str = Depends(oauth), session: Session = Depends(open_session)) -> Doctor:
    try:
        name = jwt.decode(token, SIGNING, algorithms=["HS512"])["sub"]
    except (JWTError, KeyError):
        raise HTTPException(status_code=401, detail="invalid token")
    doctor = session.exec(select(Doctor).where(Doctor.username == name)).first()
    if not doctor:
        raise HTTPException(status_code=401, detail="invalid token")
    return doctor


def get_superuser(doctor: Doctor = Depends(get_current_doctor)) -> Doctor:
    if not doctor.is_superuser:
        raise HTTPException(status_code=403, detail="not allowed")
    return doctor
