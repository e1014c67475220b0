"""`add resource` keeps queries where the app keeps them: in classes, in functions, or in its endpoints."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from fastwright.project.where import Where
from fastwright.proof.ground import standing_on
from fastwright.recipes._catalog import recipe_named
from fastwright.recipes._recipe import Known, Plan
from tests.apps.corpus import interpreter
from tests.recipes.account_apps import App, foreign

TUTORIAL = {
    "app/__init__.py": "",
    "app/models.py": """
        from sqlalchemy import Column, Integer, String, create_engine
        from sqlalchemy.orm import declarative_base, sessionmaker

        engine = create_engine("sqlite:///./tutorial.db", connect_args={"check_same_thread": False})
        SessionLocal = sessionmaker(bind=engine)
        Base = declarative_base()


        class Item(Base):
            __tablename__ = "items"

            id = Column(Integer, primary_key=True)
            title = Column(String(80))
    """,
    "app/schemas.py": """
        from pydantic import BaseModel


        class ItemCreate(BaseModel):
            title: str


        class Item(ItemCreate):
            id: int

            class Config:
                from_attributes = True
    """,
    "app/crud.py": """
        from sqlalchemy.orm import Session

        from . import models, schemas


        def get_item(db: Session, item_id: int):
            return db.query(models.Item).filter(models.Item.id == item_id).first()


        def get_items(db: Session, skip: int = 0, limit: int = 100):
            return db.query(models.Item).offset(skip).limit(limit).all()


        def create_item(db: Session, item: schemas.ItemCreate):
            db_item = models.Item(title=item.title)
            db.add(db_item)
            db.commit()
            return db_item
    """,
    "app/main.py": """
        from fastapi import Depends, FastAPI
        from sqlalchemy.orm import Session

        from . import crud, models, schemas

        models.Base.metadata.create_all(bind=models.engine)
        app = FastAPI()


        def get_db():
            db = models.SessionLocal()
            try:
                yield db
            finally:
                db.close()


        @app.get("/items/", response_model=list[schemas.Item])
        def read_items(skip: int = 0, limit: int = 100, db: Session = Depends(get_db)):
            return crud.get_items(db, skip=skip, limit=limit)


        @app.post("/items/", response_model=schemas.Item)
        def create_item(item: schemas.ItemCreate, db: Session = Depends(get_db)):
            return crud.create_item(db=db, item=item)
    """,
}


def tutorial(tmp_path: Path, others: Mapping[str, str] | None = None) -> App:
    """Return an app as the tutorial of FastAPI had it: `crud.py`, and all endpoints in `main.py`; or with `others`."""
    for name, text in {**TUTORIAL, **(others or {})}.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return App(tmp_path / "project", interpreter("tool_library"))


SERVICES = {
    "app/crud.py": "",
    "app/database.py": """
        from .models import SessionLocal


        def get_db():
            db = SessionLocal()
            try:
                yield db
            finally:
                db.close()
    """,
    "app/services/__init__.py": "",
    "app/services/item.py": """
        from fastapi import Depends
        from sqlalchemy.orm import Session

        from app.database import get_db
        from app.models import Item
        from app.schemas import ItemCreate


        class ItemService:
            def __init__(self, db: Session = Depends(get_db)):
                self.db = db

            def find_all(self):
                return self.db.query(Item).all()

            def create(self, item: ItemCreate):
                row = Item(title=item.title)
                self.db.add(row)
                self.db.commit()
                return row
    """,
    "app/routers/__init__.py": "",
    "app/routers/items.py": """
        from fastapi import APIRouter, Depends

        from app.schemas import Item, ItemCreate
        from app.services.item import ItemService

        router = APIRouter(prefix="/items")


        @router.get("", response_model=list[Item])
        def read_items(service: ItemService = Depends()):
            return service.find_all()


        @router.post("", response_model=Item)
        def create_item(item: ItemCreate, service: ItemService = Depends()):
            return service.create(item)
    """,
    "app/main.py": """
        from fastapi import FastAPI

        from app import models
        from app.routers import items

        models.Base.metadata.create_all(bind=models.engine)
        app = FastAPI()
        app.include_router(items.router)
    """,
}


def planned(app: App, wish: str) -> dict[str, str]:
    """Return the new code by its file."""
    with standing_on(Where(project=app.root, python=app.python)) as ground:
        recipe = recipe_named("resource")
        plan = recipe.plan(Known(ground.reading.project, ground.source), recipe.wish(resource=wish))
    assert isinstance(plan, Plan)
    code: dict[str, str] = {}
    for one in plan.change.operations:
        data = one.model_dump()
        path = data.get("path") or data.get("file")
        code[str(path)] = code.get(str(path), "") + str(data.get("content") or data.get("code") or "")
    return code


def test_beside_repositories_and_services_there_is_one_of_each(tmp_path: Path) -> None:
    code = planned(foreign("roastery", tmp_path), "Review code:str(1..9)! coffee:->Coffee tags:<->Order")
    repository = code["backend/repositories/review_repository.py"]
    assert "class ReviewRepository(BaseRepository[Review]):\n    model = Review\n" in repository
    assert "async def get_by_id" not in repository
    service = code["backend/services/review_service.py"]
    assert "raise NotFoundError(" in service
    assert "raise ConflictError(" in service
    assert (
        "def get_review_service(repository: ReviewRepository = Depends(get_review_repository))"
        in (code["backend/dependencies.py"])
    )
    controller = code["backend/controllers/review_controller.py"]
    assert "service: ReviewService = Depends(get_review_service)" in controller
    assert '@router.get(path="/{review_id}", response_model=ReviewDTO)' in controller
    assert "session" not in controller


def test_beside_functions_there_are_functions_that_are_called_alike(tmp_path: Path) -> None:
    code = planned(foreign("greenhouse", tmp_path), "Note body:text plant:->Plant")
    functions = code["app/crud/crud_note.py"]
    assert "def get_notes(\n    *, session: Session, owner_id: UUID, skip: int, limit: int\n)" in functions
    assert "Plant.owner_id == owner_id" in functions
    router = code["app/routers/notes.py"]
    assert "crud.create_note(session=session, note_in=note_in, owner_id=current_user.id)" in router
    assert "select" not in router
    assert "app/crud/__init__.py" in code


def test_what_is_in_one_file_each_stays_there(tmp_path: Path) -> None:
    code = planned(tutorial(tmp_path), "Review rating:int(1..5) item:->Item")
    assert set(code) == {"app/models.py", "app/schemas.py", "app/crud.py", "app/main.py"}
    assert "def create_review(db: Session, review: ReviewCreate) -> Review:" in code["app/crud.py"]
    assert '@app.get("/reviews/{review_id}", response_model=ReviewRead)' in code["app/main.py"]
    assert "crud.get_reviews(db, skip, limit)" in code["app/main.py"]


def test_beside_services_that_are_dependencies_themselves_there_is_another(tmp_path: Path) -> None:
    code = planned(tutorial(tmp_path, SERVICES), "Review code:str(1..9)! item:->Item")
    service = code["app/services/review.py"]
    assert "class ReviewService:\n    def __init__(self, db: Session = Depends(get_db)) -> None:\n" in service
    assert "def create(self, " in service or "def add(self, " in service
    router = code["app/routers/reviews.py"]
    assert "service: ReviewService = Depends()" in router
    assert "db" not in router.split()


def test_where_endpoints_query_by_themselves_they_go_on_doing_so(tmp_path: Path) -> None:
    code = planned(foreign("conferly", tmp_path), "Sponsor name:str(1..80)!")
    assert "select(Sponsor)" in code["conferly/sponsors/router.py"]
    assert "session: DbSession" in code["conferly/sponsors/router.py"]


@pytest.mark.slow
def test_the_layout_of_the_tutorial_is_proven_with_every_kind_of_relation(tmp_path: Path) -> None:
    app = tutorial(tmp_path)
    before = app.files()
    assert app.add("resource", resource="Review code:str(1..9)! item:->Item").landed
    assert app.add("resource", resource="Shelf name:str(1..9) items:<-Item").landed
    assert app.add("resource", resource="Tag label:str(1..9)! items:<->Item").landed
    for _change in range(3):
        app.undo()
    assert app.files() == before


@pytest.mark.slow
def test_services_that_are_dependencies_themselves_are_proven(tmp_path: Path) -> None:
    app = tutorial(tmp_path, SERVICES)
    result = app.add("resource", resource="Review code:str(1..9)! item:->Item tags:<->Item")
    assert result.landed, result.proof
