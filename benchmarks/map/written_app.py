"""Write an app of a given number of endpoints: five a router, a table each, a guard on every other one."""

from __future__ import annotations

from pathlib import Path
from string import Template

DATABASE = """\
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, sessionmaker

engine = create_engine("sqlite:///./app.db")
SessionLocal = sessionmaker(engine)


class Base(DeclarativeBase):
    pass


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()
"""

SECURITY = """\
from fastapi import Depends, HTTPException
from fastapi.security import OAuth2PasswordBearer

oauth2 = OAuth2PasswordBearer(tokenUrl="/token")


def get_current_user(token: str = Depends(oauth2)) -> str:
    if token != "secret":
        raise HTTPException(401)
    return "me"
"""

ROUTER = Template(
    """\
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.database import Base, get_db
from app.security import get_current_user

router = APIRouter(prefix="/${name}s"$guard)
SessionDep = Annotated[Session, Depends(get_db)]


class ${model}(Base):
    __tablename__ = "${name}s"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    size: Mapped[int]


class ${model}In(BaseModel):
    name: str
    size: int = 1


class ${model}Out(${model}In):
    id: int


@router.get("", response_model=list[${model}Out])
def list_$name(db: SessionDep, limit: int = 20):
    return db.scalars(select(${model}).limit(limit)).all()


@router.post("", status_code=201)
def create_$name(body: ${model}In, db: SessionDep) -> ${model}Out:
    row = ${model}(**body.model_dump())
    db.add(row)
    db.commit()
    return ${model}Out(id=row.id, name=row.name, size=row.size)


@router.get("/{item_id}")
def read_$name(item_id: int, db: SessionDep) -> ${model}Out:
    row = db.get(${model}, item_id)
    if row is None:
        raise HTTPException(404)
    return ${model}Out(id=row.id, name=row.name, size=row.size)


@router.put("/{item_id}")
def update_$name(item_id: int, body: ${model}In, db: SessionDep) -> ${model}Out:
    row = db.get(${model}, item_id)
    if row is None:
        raise HTTPException(404)
    row.name, row.size = body.name, body.size
    db.commit()
    return ${model}Out(id=row.id, name=row.name, size=row.size)


@router.delete("/{item_id}", status_code=204)
def delete_$name(item_id: int, db: SessionDep) -> None:
    row = db.get(${model}, item_id)
    if row is not None:
        db.delete(row)
        db.commit()
"""
)


def write_app(root: Path, endpoints: int) -> Path:
    """Write the app below `root` and return `root`."""
    package = root / "app"
    package.mkdir(parents=True)
    names = [f"thing{number}" for number in range(endpoints // 5)]
    for number, name in enumerate(names):
        guard = ", dependencies=[Depends(get_current_user)]" if number % 2 else ""
        text = ROUTER.substitute(name=name, model=name.capitalize(), guard=guard)
        (package / f"{name}.py").write_text(text, encoding="utf-8")
    includes = "".join(f'app.include_router({name}.router, prefix="/api")\n' for name in names)
    main = f"from fastapi import FastAPI\n\nfrom app import {', '.join(names)}\n\napp = FastAPI()\n{includes}"
    for name, text in (("__init__", ""), ("database", DATABASE), ("security", SECURITY), ("main", main)):
        (package / f"{name}.py").write_text(text, encoding="utf-8")
    return root
