from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.base import Base


class Order(Base):
    __tablename__ = "orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    state: Mapped[str]
