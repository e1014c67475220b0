"""Heated benches

Revision ID: 7be0c9a4f613
Revises: 1a31f7c5d2b0
Create Date: 2024-11-02 09:31:07.118340

"""
import sqlalchemy as sa
from alembic import op

revision = "7be0c9a4f613"
down_revision = "1a31f7c5d2b0"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("bench") as batch_op:
        batch_op.add_column(
            sa.Column("is_heated", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade():
    with op.batch_alter_table("bench") as batch_op:
        batch_op.drop_column("is_heated")
