import sqlalchemy as sa

from database import Base


class User(Base):
    __tablename__ = "users"
    id = sa.Column(sa.Integer, primary_key=True)

    def __repr__(self):
        return f"<User {self.id}>"
