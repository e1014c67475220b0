from sqlmodel import Session, create_engine

from app import crud
from app.core.config import settings
from app.schemas import UserCreate

engine = create_engine(
    settings.SQLALCHEMY_DATABASE_URI, connect_args={"check_same_thread": False}
)


def init_db(session: Session) -> None:
    """Tables are made by Alembic; this only makes sure that somebody can log in."""
    user = crud.get_user_by_email(session=session, email=settings.FIRST_SUPERUSER)
    if not user:
        user_in = UserCreate(
            email=settings.FIRST_SUPERUSER,
            password=settings.FIRST_SUPERUSER_PASSWORD,
            is_superuser=True,
        )
        crud.create_user(session=session, user_create=user_in)
