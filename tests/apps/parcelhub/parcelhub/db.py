from os import environ

from sqlalchemy import create_engine, event
from sqlalchemy.orm import DeclarativeBase, sessionmaker

engine = create_engine(environ.get("PARCELHUB_DB", "sqlite:///parcelhub.db"))
Session = sessionmaker(engine)


@event.listens_for(engine, "connect")
def _fk_on(connection, _record):
    if engine.dialect.name == "sqlite":
        connection.execute("PRAGMA foreign_keys=ON")


class Base(DeclarativeBase):
    pass


def db_session():
    with Session() as s, s.begin():
        yield s
