from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from harbour.domain.tables import Base, Berth, Boat, Fee, Skipper

T = TypeVar("T", bound=Base)


class Repository(Generic[T]):
    table: type[T]

    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def one(self, key: int) -> T | None:
        return await self.db.get(self.table, key)

    async def every(self, statement: Select[Any]) -> Sequence[T]:
        return (await self.db.scalars(statement)).all()

    async def keep(self, row: T) -> T:
        self.db.add(row)
        await self.db.commit()
        return row


class Boats(Repository[Boat]):
    table = Boat

    async def of(self, skipper_id: int, limit: int, offset: int) -> Sequence[Boat]:
        statement = select(Boat).where(Boat.skipper_id == skipper_id).order_by(Boat.id)
        return await self.every(statement.limit(limit).offset(offset))

    async def page_with_fees(self, limit: int) -> Sequence[Boat]:
        return await self.every(select(Boat).options(selectinload(Boat.fees)).order_by(Boat.id).limit(limit))

    async def page(self, limit: int) -> Sequence[Boat]:
        return await self.every(select(Boat).order_by(Boat.id).limit(limit))

    async def mine(self, key: int, skipper_id: int) -> Boat | None:
        return await self.db.scalar(select(Boat).where(Boat.id == key, Boat.skipper_id == skipper_id))

    async def debt(self, key: int) -> float:
        return await self.db.scalar(select(func.sum(Fee.amount)).where(Fee.boat_id == key)) or 0

    async def found(self, words: str) -> list[str]:
        rows = await self.db.execute(text(f"select name from boats where name like '%{words}%' limit 20"))  # found: sql-from-string
        return [row.name for row in rows]

    async def found_safely(self, words: str) -> list[str]:
        statement = text("select name from boats where name like :words limit 20")
        return list((await self.db.execute(statement, {"words": f"%{words}%"})).scalars())


class Berths(Repository[Berth]):
    table = Berth

    async def all(self) -> Sequence[Berth]:
        return await self.every(select(Berth).order_by(Berth.code))


class Skippers(Repository[Skipper]):
    table = Skipper

    async def by_email(self, email: str) -> Skipper | None:
        return await self.db.scalar(select(Skipper).where(Skipper.email == email))
