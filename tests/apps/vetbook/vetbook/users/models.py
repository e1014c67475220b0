from sqlalchemy.orm import Mapped, mapped_column

from vetbook.db import Base


class User(Base):
    __tablename__ = "users"

    username: Mapped[str] = mapped_column(primary_key=True)
    full_name: Mapped[str]
    hashed_password: Mapped[str]
    disabled: Mapped[bool] = mapped_column(default=False)
    # what this user may ask for, space separated, e.g. "patients:read visits:write"
    scopes: Mapped[str] = mapped_column(default="")
