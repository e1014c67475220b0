from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app import statements

if TYPE_CHECKING:
    from app.models import Author


def read(db: Session) -> list[Author]:
    return db.scalars(statements.authors()).all()
