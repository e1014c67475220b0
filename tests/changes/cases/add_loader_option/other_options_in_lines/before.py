from sqlalchemy import orm, select

from app import models


def read(db: orm.Session):
    return db.scalars(
        select(models.Author).options(
            orm.joinedload(models.Author.country),  # small
            orm.load_only(models.Author.id),
        )
    ).all()
