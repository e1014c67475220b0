import datetime

import sqlalchemy as sa
from database import Base


class First(Base):
    id = sa.Column(sa.Integer, primary_key=True)


Base.metadata.create_all()
