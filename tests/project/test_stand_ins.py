"""What an app gets that its environment lacks: a driver, functions of its database, and the settings of its example."""

from __future__ import annotations

import pytest

from fastwright.project.errors import ImportFailed
from fastwright.project.read import read_project
from tests.project.projects import QUICK, VERSIONS, Write, endpoint, environment

POSTGRES = """
    import datetime

    from fastapi import FastAPI
    from sqlalchemy import text
    from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

    engine = create_async_engine("postgresql+asyncpg://app:secret@database/app", pool_size=5, max_overflow=10)
    sessions = async_sessionmaker(engine)

    class Base(DeclarativeBase):
        pass

    class Visit(Base):
        __tablename__ = "visits"
        id: Mapped[int] = mapped_column(primary_key=True)
        at: Mapped[datetime.datetime] = mapped_column(server_default=text("now()"))
        mark: Mapped[str] = mapped_column(server_default=text("gen_random_uuid()"))

    app = FastAPI()

    @app.get("/visits")
    async def visit():
        async with sessions() as session:
            row = Visit()
            session.add(row)
            await session.commit()
            await session.refresh(row)
            return {"at": row.at, "mark": row.mark}
"""
SETTINGS = """
    from pydantic import BaseModel
    from fastapi import FastAPI
    import os

    SECRET = os.environ["APP_SECRET"]
    app = FastAPI(title=os.environ["APP_TITLE"])

    @app.get("/")
    def root():
        return SECRET
"""


def test_an_app_that_only_knows_another_database_is_lent_the_driver_of_the_one_that_stands_in(write: Write) -> None:
    python = environment(*VERSIONS["0.115"])
    project = read_project(write({"main.py": POSTGRES}), python=python, limits=QUICK)
    visit = endpoint(project, "GET /visits")
    assert (visit.auth.status, visit.auth.proven) == (200, True)
    assert project.app.databases == ("postgresql+asyncpg",)


def test_an_engine_from_a_configuration_is_led_to_the_scratch_database_too(write: Write) -> None:
    text = """
        from fastapi import FastAPI
        from sqlalchemy import engine_from_config, text

        engine = engine_from_config({"sqlalchemy.url": "postgresql+psycopg2://app:secret@database/app"})
        app = FastAPI()

        @app.get("/now")
        def now():
            with engine.connect() as connection:
                return connection.execute(text("SELECT now()")).scalar()
    """
    project = read_project(write({"main.py": text}), python=environment(*VERSIONS["0.115"]), limits=QUICK)
    assert (endpoint(project, "GET /now").auth.status, project.app.databases) == (200, ("postgresql+psycopg2",))


def test_an_app_that_needs_variables_is_read_with_those_of_its_example(write: Write) -> None:
    root = write({"main.py": SETTINGS, ".env.example": "APP_SECRET=changeme\nAPP_TITLE=Shop\n"})
    project = read_project(root, python=environment(*VERSIONS["0.115"]), limits=QUICK)
    assert endpoint(project, "GET /").auth.proven
    assert [one.reason for one in project.unresolved if one.subject == ".env.example"]


def test_of_an_example_that_is_not_enough_what_is_missing_beside_it_is_told(write: Write) -> None:
    root = write({"main.py": SETTINGS, ".env.example": "APP_SECRET=changeme\n"})
    with pytest.raises(ImportFailed, match=r"with the variables of \.env\.example: .+: APP_TITLE"):
        read_project(root, python=environment(*VERSIONS["0.115"]), limits=QUICK)


def test_a_guard_that_a_package_makes_is_the_variable_that_holds_it(
    write: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    package = tmp_path_factory.mktemp("packages")
    (package / "guardians.py").write_text(
        "from fastapi import Depends, HTTPException\n"
        "from fastapi.security import HTTPBearer\n"
        "def maker():\n"
        "    def dependency(token=Depends(HTTPBearer(auto_error=False))):\n"
        "        if token is None:\n"
        "            raise HTTPException(401)\n"
        "    return dependency\n",
        encoding="utf-8",
    )
    root = write(
        {
            "users.py": "from guardians import maker\n\ncurrent_user = maker()\n",
            "main.py": """
                from fastapi import Depends, FastAPI
                from users import current_user

                app = FastAPI()

                @app.get("/me", dependencies=[Depends(current_user)])
                def me():
                    return 1
            """,
            "settings.env": f"PYTHONPATH={package}\n",
        }
    )
    project = read_project(root, python=environment(*VERSIONS["0.115"]), env_file=root / "settings.env", limits=QUICK)
    guard = endpoint(project, "GET /me").auth.guards[-1]
    assert (guard.name, guard.file, guard.line) == ("current_user", "users.py", 3)
