"""Answers that are another in every process, or at every request, are told from those that a change has touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recipes.styles import project
from tests.recipes.trials import evidence

# A row as it is, whose keys come in the order of a set, and an export with the time of its making.
UNSTEADY = {
    "main.py": """
        import time

        from fastapi import Depends, FastAPI, Header, HTTPException, Response
        from sqlalchemy import String, create_engine
        from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

        engine = create_engine("sqlite:///shop.db")
        app = FastAPI()

        class Base(DeclarativeBase):
            pass

        class Order(Base):
            __tablename__ = "orders"
            id: Mapped[int] = mapped_column(primary_key=True)
            state: Mapped[str] = mapped_column(String(20))
            city: Mapped[str] = mapped_column(String(20))
            note: Mapped[str] = mapped_column(String(20))

        def get_db():
            with Session(engine) as session:
                yield session

        def verify_key(x_key: str = Header("")) -> None:
            if x_key != "secret":
                raise HTTPException(401)

        @app.get("/orders", dependencies=[Depends(verify_key)])
        def list_orders(db: Session = Depends(get_db)):
            orders = db.query(Order).all()
            return [{name: getattr(one, name) for name in {"id", "state", "city", "note"}} for one in orders]

        @app.get("/orders/export", dependencies=[Depends(verify_key)])
        def export_orders():
            return Response(f"made at {time.time_ns()}", media_type="text/csv")
    """,
}


@pytest.mark.slow
def test_a_filter_is_proven_where_keys_come_in_the_order_of_a_set(tmp_path: Path) -> None:
    result = project(tmp_path, UNSTEADY).add("filtering", path="/orders", fields=["state"])
    assert result.landed, result.refusal or result.proof


@pytest.mark.slow
def test_an_export_that_is_new_each_time_has_an_etag_that_nobody_holds(tmp_path: Path) -> None:
    result = project(tmp_path, UNSTEADY).add("cache", path="/orders")
    assert result.landed, result.refusal or result.proof
    assert evidence(result).startswith("1 of 2 endpoints answered: with an ETag, and 304 to who sends it (1 with ")
