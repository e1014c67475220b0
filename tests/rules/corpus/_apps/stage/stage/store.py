from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends
from sqlmodel import Session, create_engine

from stage.settings import config

engine = create_engine(config.database)


def report_engine():
    return create_engine(config.database, pool_size=1)  # found: engine-per-request


def open_store():
    with Session(engine) as store:
        yield store


Store = Annotated[Session, Depends(open_store)]


class Ledger:
    def __init__(self, store: Session) -> None:
        self.store = store


ledger = Ledger(Session(engine))  # found: shared-session


@contextmanager
def reporting():
    with Session(report_engine()) as store:
        yield store
