"""Ways of writing an app that public projects have and the corpus has not: each once, as small as it can be."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from fastwright.project.where import Where
from fastwright.proof.ground import standing_on
from fastwright.recipes._catalog import recipe_named
from fastwright.recipes._recipe import Already, Answer, Plan
from fastwright.verbs.add import wish_of
from fastwright.verbs.rehearsing import knowing
from tests.apps.corpus import interpreter
from tests.recipes.account_apps import App
from tests.recipes.trials import evidence

INLINE = """
    from fastapi import FastAPI
    from sqlalchemy import String, create_engine, select
    from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

    engine = create_engine("sqlite:///./heroes.db")


    class Base(DeclarativeBase):
        pass


    class Hero(Base):
        __tablename__ = "heroes"

        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(String(80))


    app = FastAPI()


    @app.get("/heroes")
    def read_heroes() -> list[str]:
        with Session(engine) as session:
            return [hero.name for hero in session.scalars(select(Hero))]
"""
USERS = """
    import os

    from fastapi import Depends, FastAPI, HTTPException
    from fastapi.middleware.cors import CORSMiddleware
    from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
    from pydantic import BaseModel
    from sqlalchemy import Column, Integer, String, create_engine
    from sqlalchemy.orm import Session, declarative_base, sessionmaker

    engine = create_engine("sqlite:///./users.db")
    SessionLocal = sessionmaker(bind=engine)
    Base = declarative_base()


    class User(Base):
        __tablename__ = "users"
        id = Column(Integer, primary_key=True)
        email = Column(String(100), unique=True, nullable=False)
        password = Column(String(100), nullable=False)


    class Login(BaseModel):
        email: str
        password: str


    class Account(BaseModel):
        user: Login


    class Everybody(BaseModel):
        users: list[str]
        count: int


    oauth2_scheme = OAuth2PasswordBearer(tokenUrl="login")
    app = FastAPI()
    if os.environ.get("ORIGINS"):
        app.add_middleware(CORSMiddleware, allow_origins=os.environ["ORIGINS"].split(","))


    @app.on_event("startup")
    def make_tables():
        Base.metadata.create_all(bind=engine)


    def get_db():
        db = SessionLocal()
        try:
            yield db
        finally:
            db.close()


    def find_user(db, email):
        return db.query(User).filter(User.email == email).first()


    def get_current_user(token: str = Depends(oauth2_scheme), db: Session = Depends(get_db)):
        user = find_user(db, token)
        if user is None:
            raise HTTPException(401)
        return user


    @app.post("/users", status_code=201)
    def create_user(user: Login, db: Session = Depends(get_db)):
        db.add(User(email=user.email, password=user.password))
        db.commit()
        return {"email": user.email}


    @app.post("/accounts", status_code=201)
    def create_account(account: Account, db: Session = Depends(get_db)):
        return create_user(account.user, db)


    @app.post("/login")
    def login(form: OAuth2PasswordRequestForm = Depends(), db: Session = Depends(get_db)):
        user = find_user(db, form.username)
        if user is None or user.password != form.password:
            raise HTTPException(401)
        return {"access_token": user.email, "token_type": "bearer"}


    @app.get("/users", response_model=Everybody)
    def read_users(limit: int = 20, offset: int = 0, db: Session = Depends(get_db)):
        found = db.query(User).offset(offset).limit(limit).all()
        return {"users": [user.email for user in found], "count": len(found)}


    @app.get("/me")
    def read_me(user: User = Depends(get_current_user)):
        return {"email": user.email}


    @app.get("/favicon.ico", include_in_schema=False)
    def favicon():
        return ""
"""


def written(place: Path, text: str, **more: str) -> App:
    root = place / "project"
    root.mkdir()
    (root / "main.py").write_text(dedent(text), encoding="utf-8")
    for name, content in more.items():
        (root / f"{name}.py").write_text(content, encoding="utf-8")
    return App(root, interpreter("greenhouse"))


def answer(app: App, capability: str, **args: Any) -> Answer:
    """Return what a recipe would do, without doing it."""
    with standing_on(Where(project=app.root, python=app.python)) as ground:
        recipe = recipe_named(capability)
        return recipe.plan(knowing(ground), wish_of(recipe, args))


def test_what_an_app_with_accounts_has_is_seen_however_it_is_written(tmp_path: Path) -> None:
    app = written(tmp_path, USERS)
    reasons = {name: answer(app, name) for name in ("registration", "auth", "cors", "pagination")}
    assert {name: type(one) for name, one in reasons.items()} == dict.fromkeys(reasons, Already)
    assert "not active" in str(reasons["cors"])


def test_a_limit_for_all_of_an_api_is_that_of_an_api_and_not_of_its_sign_in(tmp_path: Path) -> None:
    app = written(tmp_path, USERS)
    everything, sign_in = answer(app, "rate-limit"), answer(app, "rate-limit", path="/login")
    assert isinstance(everything, Plan)
    assert isinstance(sign_in, Plan)
    assert "60/minute" in everything.change.summary
    assert "5/minute" in sign_in.change.summary
    assert "--except /login" in " ".join(everything.decisions)


def test_health_is_not_there_because_of_an_icon_and_a_taken_name_is_not_in_the_way(tmp_path: Path) -> None:
    app = written(tmp_path, USERS, health="'''Doctors.'''\n", security_headers="'''Whatever.'''\n")
    assert isinstance(answer(app, "health"), Plan)
    headers = answer(app, "security-headers")
    assert isinstance(headers, Plan)
    assert "app_security_headers.py" in str(headers.change.operations)


@pytest.mark.slow
def test_roles_stand_on_a_guard_that_does_not_say_what_it_returns(tmp_path: Path) -> None:
    app = written(tmp_path, USERS)
    result = app.add("roles")
    assert result.landed, result.refusal or result.proof
    assert "RoleChecker" in (app.root / "main.py").read_text(encoding="utf-8")


@pytest.mark.slow
def test_an_app_that_makes_its_sessions_in_its_endpoints_gets_a_dependency_for_them(tmp_path: Path) -> None:
    app = written(tmp_path, INLINE)
    before = app.files()
    result = app.add("registration")
    assert result.landed, result.refusal or result.proof
    assert "stored as a hash" in evidence(result)
    text = (app.root / "main.py").read_text(encoding="utf-8")
    assert "with Session(engine) as session:\n        yield session" in text
    assert "session: Annotated[Session, Depends(get_session)]" in text
    app.undo()
    assert app.files() == before


@pytest.mark.slow
def test_a_new_test_that_ends_as_all_others_did_before_says_nothing(tmp_path: Path) -> None:
    conftest = (
        "import pytest\n"
        "from fastapi.testclient import TestClient\n"
        "from main import app\n\n\n"
        "@pytest.fixture\n"
        "def client():\n"
        "    import a_driver_that_is_not_here\n\n"
        "    return TestClient(app)\n"
    )
    mine = "def test_me(client):\n    assert client.get('/me').status_code == 401\n"
    app = written(tmp_path, USERS, conftest=conftest, test_main=mine)
    result = app.add("security-headers")
    assert result.landed, result.proof
    assert "1 new, and ended as those did that failed before" in evidence(result, "tests")
