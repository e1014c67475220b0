import datetime

import sqlalchemy as sa
from database import Base


class First(Base):
    id = sa.Column(sa.Integer, primary_key=True)


class Second(Base):
    id = sa.Column(sa.Integer, primary_key=True)
    at = sa.Column(sa.DateTime, default=datetime.datetime.now)


Base.metadata.create_all()
