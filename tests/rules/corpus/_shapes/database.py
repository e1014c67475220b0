from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker
from sqlalchemy.orm import Session

engine = create_engine("postgresql+psycopg://db/studio")
sessions = sessionmaker(engine, class_=Session, expire_on_commit=False)


def get_session():
    with sessions() as session:
        yield session


def get_saving_session():
    with sessions() as session:
        yield session
        session.commit()


shared = sessions()
