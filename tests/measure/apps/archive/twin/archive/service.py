from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from archive.database import Letter


def newest(db: Session, count: int) -> Sequence[Letter]:
    """The newest letters; the list and the feed both show these."""
    return db.scalars(select(Letter).options(joinedload(Letter.collection)).order_by(Letter.year.desc(), Letter.id).limit(count)).all()
