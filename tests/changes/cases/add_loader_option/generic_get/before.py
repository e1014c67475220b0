from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Author


def fetch(db: Session, model, key: int):
    return db.get(model, key)
