"""second"""
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def tables():
    return ["orders"]


def upgrade():
    op.create_table("orders")


def downgrade():
    for table in tables():
        op.drop_table(table)
