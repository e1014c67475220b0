import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Order(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    customer_id: int = Field(sa_column=sa.Column(sa.Integer, sa.ForeignKey("customers.id")))
