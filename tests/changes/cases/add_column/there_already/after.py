from sqlalchemy import Column, Integer


class User(Base):
    id = Column(Integer, primary_key=True)
    age = Column(Integer)
