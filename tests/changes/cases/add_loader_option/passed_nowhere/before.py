from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Author


def read(repo):
    return repo.list_all()
