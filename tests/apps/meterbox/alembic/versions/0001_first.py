"""first

Revision ID: 0001
Revises:
"""
from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("api_key", sa.String(length=64), nullable=False, unique=True),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "meter",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("serial", sa.String(length=40), nullable=False, unique=True),
        sa.Column("unit", sa.Enum("KWH", "M3", "LITRE", name="unit"), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("device_id", sa.Uuid(), sa.ForeignKey("device.id"), nullable=False, index=True),
    )
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("meter_id", sa.Integer(), sa.ForeignKey("meter.id", ondelete="CASCADE"), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("taken_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("meter_id", "taken_at"),
    )


def downgrade() -> None:
    op.drop_table("reading")
    op.drop_table("meter")
    op.drop_table("device")
