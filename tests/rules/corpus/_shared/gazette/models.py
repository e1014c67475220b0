from sqlalchemy import Boolean, Column, Integer, String

from gazette.database import Base


class User(Base):
    __tablename__ = "users"

    id = Column(Integer, primary_key=True)
    email = Column(String(200), unique=True, index=True)
    nickname = Column(String(80))
    bio = Column(String(400))
    hashed_password = Column(String(200))
    role = Column(String(20), default="reader")
    is_active = Column(Boolean, default=True)
    is_admin = Column(Boolean, default=False)
