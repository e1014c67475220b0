from datetime import datetime

from sqlalchemy import DateTime
from sqlmodel import Field, Relationship, SQLModel


class User(SQLModel, table=True):
    __tablename__ = "users"
    id: int | None = Field(default=None, primary_key=True)
    email: str
    hashed_password: str
    role: str


class Project(SQLModel, table=True):
    __tablename__ = "projects"
    id: int | None = Field(default=None, primary_key=True)
    title: str
    owner_id: int = Field(foreign_key="users.id", index=True)
    changed_at: datetime = Field(sa_type=DateTime(timezone=True))
    tasks: list["Task"] = Relationship(cascade_delete=True)


class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str
    project_id: int = Field(foreign_key="projects.id", index=True)


class Label(SQLModel, table=True):
    __tablename__ = "labels"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)


class Invoice(SQLModel, table=True):
    __tablename__ = "invoices"
    id: int | None = Field(default=None, primary_key=True)
    total_price: float
    label_id: int = Field(foreign_key="labels.id")
