from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Author


def read(db: Session):
    return db.execute('select 1').all()
