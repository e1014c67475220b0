"""Apps in ways of writing that public projects have and the corpus has not, each as small as it can be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from tests.apps.corpus import interpreter
from tests.recipes.account_apps import App

_DATABASE = """
    from sqlalchemy import create_engine
    from sqlalchemy.orm import DeclarativeBase, sessionmaker

    engine = create_engine("sqlite:///./app.db")
    SessionLocal = sessionmaker(bind=engine)


    class Base(DeclarativeBase):
        pass


    def get_db():
        db = SessionLocal()
        try:
            yield db
        finally:
            db.close()
"""


def _model(name: str, table: str, base: str) -> str:
    return f"""
    from sqlalchemy import String
    from sqlalchemy.orm import Mapped, mapped_column

    from {base} import Base


    class {name}(Base):
        __tablename__ = "{table}"

        id: Mapped[int] = mapped_column(primary_key=True)
        title: Mapped[str] = mapped_column(String(100))
"""


def _endpoints(name: str) -> str:
    low = name.lower()
    return f"""
    from fastapi import APIRouter, Depends
    from pydantic import BaseModel
    from sqlalchemy.orm import Session

    from app.{low}.models import {name}
    from core.db import get_db

    {low}_router = APIRouter()


    class Create{name}Schema(BaseModel):
        title: str


    @{low}_router.get("/")
    def get_all(db: Session = Depends(get_db)):
        return db.query({name}).all()


    @{low}_router.post("/")
    def create({low}: Create{name}Schema, db: Session = Depends(get_db)):
        row = {name}(title={low}.title)
        db.add(row)
        db.commit()
        return {{"id": row.id}}
"""


# A folder for each subject, with a module called as it is; schemas beside their endpoints; `init_routers(app_)`.
FOLDERS: Mapping[str, str] = {
    "core/__init__.py": "",
    "core/db.py": _DATABASE,
    "app/__init__.py": "",
    "app/todo/__init__.py": "",
    "app/todo/models.py": _model("Todo", "todos", "core.db"),
    "app/note/__init__.py": "",
    "app/note/models.py": _model("Note", "notes", "core.db"),
    "api/__init__.py": """
        from fastapi import APIRouter, Depends, Header, HTTPException

        from api.note.note import note_router
        from api.todo.todo import todo_router


        def get_token_header(internal_token: str = Header(...)):
            if internal_token != "allowed":
                raise HTTPException(status_code=418, detail="Internal User Only")


        internal_router = APIRouter()


        @internal_router.get("/")
        def internal():
            return "inside"


        router = APIRouter()
        router.include_router(note_router, prefix="/note")
        router.include_router(todo_router, prefix="/todo")
        router.include_router(internal_router, prefix="/internal", dependencies=[Depends(get_token_header)])
    """,
    "api/todo/__init__.py": "",
    "api/todo/todo.py": _endpoints("Todo"),
    "api/note/__init__.py": "",
    "api/note/note.py": _endpoints("Note"),
    "app/server.py": """
        from fastapi import FastAPI

        from api import router


        def init_routers(app_: FastAPI) -> None:
            app_.include_router(router)


        def create_app() -> FastAPI:
            app_ = FastAPI()
            init_routers(app_=app_)
            return app_


        app = create_app()
    """,
}


def _object(name: str) -> str:
    low = name.lower()
    return f"""
    from app.crud.base import CRUDBase
    from app.models.{low} import {name}
    from app.schemas.{low} import {name}Create


    class CRUD{name}(CRUDBase[{name}, {name}Create, {name}Create]):
        pass


    {low} = CRUD{name}({name})
"""


def _object_endpoints(name: str) -> str:
    low = name.lower()
    return f"""
    from fastapi import APIRouter, Depends
    from sqlalchemy.orm import Session

    from app import crud
    from app.api import deps
    from app.schemas.{low} import {name}Create

    router = APIRouter()


    @router.get("/")
    def read_{low}s(db: Session = Depends(deps.get_db)):
        return crud.{low}.get_multi(db)


    @router.post("/")
    def create_{low}(*, db: Session = Depends(deps.get_db), {low}_in: {name}Create):
        return crud.{low}.create(db=db, obj_in={low}_in)
"""


# One object for the queries of each model, reached through its package.
OBJECTS: Mapping[str, str] = {
    "app/__init__.py": "",
    "app/db.py": _DATABASE.replace("def get_db", "def make_db"),
    "app/api/__init__.py": "",
    "app/api/deps.py": "from app.db import make_db as get_db\n",
    "app/models/__init__.py": "from .item import Item\nfrom .order import Order\n",
    "app/models/item.py": _model("Item", "items", "app.db"),
    "app/models/order.py": _model("Order", "orders", "app.db"),
    "app/schemas/__init__.py": "",
    "app/schemas/item.py": "from pydantic import BaseModel\n\n\nclass ItemCreate(BaseModel):\n    title: str\n",
    "app/schemas/order.py": "from pydantic import BaseModel\n\n\nclass OrderCreate(BaseModel):\n    title: str\n",
    "app/crud/__init__.py": "from .crud_item import item\nfrom .crud_order import order\n",
    "app/crud/base.py": """
        from typing import Generic, TypeVar

        from sqlalchemy import select
        from sqlalchemy.orm import Session

        Model = TypeVar("Model")
        Create = TypeVar("Create")
        Update = TypeVar("Update")


        class CRUDBase(Generic[Model, Create, Update]):
            def __init__(self, model: type[Model]):
                self.model = model

            def get_multi(self, db: Session, *, skip: int = 0, limit: int = 100):
                return db.scalars(select(self.model).offset(skip).limit(limit)).all()

            def create(self, db: Session, *, obj_in: Create):
                row = self.model(**obj_in.model_dump())
                db.add(row)
                db.commit()
                db.refresh(row)
                return row
    """,
    "app/crud/crud_item.py": _object("Item"),
    "app/crud/crud_order.py": _object("Order"),
    "app/api/items.py": _object_endpoints("Item"),
    "app/api/orders.py": _object_endpoints("Order"),
    "app/main.py": """
        from fastapi import FastAPI

        from app.api import items, orders
        from app.db import Base, engine

        Base.metadata.create_all(bind=engine)
        app = FastAPI()
        app.include_router(items.router, prefix="/items")
        app.include_router(orders.router, prefix="/orders")
    """,
}

# Queries in functions that endpoints import by their names; a guard below another one; folders that are no packages.
FUNCTIONS: Mapping[str, str] = {
    "app/__init__.py": "",
    "app/db.py": _DATABASE,
    "app/models/__init__.py": "",
    "app/models/user.py": _model("User", "users", "app.db"),
    "app/schemas/user.py": "from pydantic import BaseModel\n\n\nclass UserRead(BaseModel):\n    id: int\n",
    "app/crud/user.py": """
        from app.models.user import User
        from sqlalchemy import select
        from sqlalchemy.orm import Session


        def get_user(db: Session, user_id: int):
            return db.get(User, user_id)


        def get_user_by_title(db: Session, title: str):
            return db.scalars(select(User).where(User.title == title)).first()
    """,
    "app/guards.py": """
        from app.models.user import User
        from fastapi import Depends, HTTPException
        from fastapi.security import OAuth2PasswordBearer

        scheme = OAuth2PasswordBearer(tokenUrl="token")


        def get_current_user(token: str = Depends(scheme)) -> User:
            raise HTTPException(401)


        def signed_in(user: User = Depends(get_current_user)) -> User:
            return user
    """,
    "app/users.py": """
        from app.crud.user import get_user, get_user_by_title
        from app.db import get_db
        from app.guards import signed_in
        from app.schemas.user import UserRead
        from fastapi import APIRouter, Depends
        from sqlalchemy.orm import Session

        router = APIRouter(prefix="/users")


        @router.get("/{user_id}", response_model=UserRead, dependencies=[Depends(signed_in)])
        def user_details(user_id: int, db: Session = Depends(get_db)):
            return get_user(db, user_id)


        @router.get("/named/{title}", response_model=UserRead, dependencies=[Depends(signed_in)])
        def named(title: str, db: Session = Depends(get_db)):
            return get_user_by_title(db, title)
    """,
    "app/main.py": """
        from app.users import router
        from fastapi import FastAPI

        app = FastAPI()
        app.include_router(router)
    """,
}


# The endpoints and the session are in the file of the app, and its models are not; a fixture makes tables for tests.
TUTORIAL = {
    "database.py": """
        from sqlalchemy import create_engine
        from sqlalchemy.orm import DeclarativeBase, sessionmaker

        engine = create_engine("sqlite:///./app.db")
        SessionLocal = sessionmaker(bind=engine)


        class Base(DeclarativeBase):
            pass
    """,
    "models.py": _model("Book", "books", "database"),
    "schemas.py": """
        from pydantic import BaseModel


        class BookCreate(BaseModel):
            title: str


        class Book(BookCreate):
            id: int
            model_config = {"from_attributes": True}
    """,
    "main.py": """
        from fastapi import Depends, FastAPI
        from sqlalchemy.orm import Session

        import models
        import schemas
        from database import SessionLocal, engine

        models.Base.metadata.create_all(bind=engine)
        app = FastAPI()


        def get_db():
            db = SessionLocal()
            try:
                yield db
            finally:
                db.close()


        @app.post("/books", response_model=schemas.Book)
        def create_book(book_data: schemas.BookCreate, db: Session = Depends(get_db)):
            row = models.Book(**book_data.model_dump())
            db.add(row)
            db.commit()
            return row


        @app.put("/books/{book_id}", response_model=schemas.Book)
        def update_book(book_id: int, book_data: schemas.BookCreate, db: Session = Depends(get_db)):
            row = db.get_one(models.Book, book_id)
            row.title = book_data.title
            db.commit()
            return row
    """,
    "test_main.py": """
        import pytest
        from fastapi.testclient import TestClient
        from sqlalchemy import StaticPool, create_engine
        from sqlalchemy.orm import Session

        from main import app, get_db
        from models import Base

        engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)


        def get_test_db():
            with Session(engine) as db:
                yield db


        @pytest.fixture
        def test_db():
            Base.metadata.create_all(bind=engine)
            yield
            Base.metadata.drop_all(bind=engine)


        app.dependency_overrides[get_db] = get_test_db
        client = TestClient(app)


        def test_books_are_made(test_db):
            assert client.post("/books", json={"title": "Emma"}).status_code == 200
    """,
}


def project(place: Path, files: Mapping[str, str]) -> App:
    """Write the files of an app, and return it with an interpreter that it runs in."""
    for name, text in files.items():
        path = place / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return App(place / "project", interpreter("greenhouse"))
