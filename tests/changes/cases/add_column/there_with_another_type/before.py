from sqlalchemy import Column, Integer, String


class User(Base):
    id = Column(Integer, primary_key=True)
    age = Column(String)
