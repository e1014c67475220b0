from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

Model = TypeVar("Model")


class Repository(Generic[Model]):
    def __init__(self, model: type[Model], session: Session) -> None:
        self.model = model
        self.session = session

    async def list(self, limit: int) -> list[Model]:
        return (await self.session.scalars(select(self.model).limit(limit))).all()
