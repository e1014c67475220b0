from sqlalchemy import Column, ForeignKey, Integer

from .base import Base


class Order(Base):
    __tablename__ = 'orders'
    id = Column(Integer, primary_key=True)
    customer_id = Column(Integer, ForeignKey('customers.id'), index=True)
