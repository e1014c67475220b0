"""start"""

import sqlalchemy as sa
from alembic import op

revision = "c0ffee000001"
down_revision = None


def upgrade() -> None:
    op.create_index("ix_a", "a", ["b"])


def downgrade() -> None:
    op.drop_table("a")
