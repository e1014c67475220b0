from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = 'authors'


class Book(Base):
    __tablename__ = 'books'
