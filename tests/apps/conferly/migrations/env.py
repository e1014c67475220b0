import asyncio

from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine

from conferly.database import DATABASE_URL, Base
from conferly.accounts import models as accounts  # noqa: F401
from conferly.rooms import models as rooms  # noqa: F401
from conferly.talks import models as talks  # noqa: F401


def do_run_migrations(connection):
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


async def run_async_migrations():
    connectable = create_async_engine(DATABASE_URL)
    async with connectable.connect() as connection:
        await connection.run_sync(do_run_migrations)
        await connection.commit()
    await connectable.dispose()


if context.is_offline_mode():
    raise SystemExit("offline migrations are not supported")

asyncio.run(run_async_migrations())
