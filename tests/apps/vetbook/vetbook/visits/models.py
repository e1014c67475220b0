from datetime import datetime

from sqlalchemy import ForeignKey, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from vetbook.db import Base
from vetbook.patients.models import Patient
from vetbook.users.models import User


class Visit(Base):
    __tablename__ = "visits"

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"))
    vet_username: Mapped[str] = mapped_column(ForeignKey("users.username"))
    note: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.now())

    patient: Mapped[Patient] = relationship(back_populates="visits")
    vet: Mapped[User] = relationship()
