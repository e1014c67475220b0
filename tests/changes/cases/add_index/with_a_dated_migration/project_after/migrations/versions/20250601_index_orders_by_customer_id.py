"""Index orders by customer_id"""

import sqlalchemy as sa
from alembic import op

revision = "cba9c5e867d6"
down_revision = "c0ffee000001"


def upgrade() -> None:
    op.create_index("ix_orders_customer_id", "orders", ["customer_id"])


def downgrade() -> None:
    op.drop_index("ix_orders_customer_id", table_name="orders")
