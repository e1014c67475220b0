"""Initial

Revision ID: 1a31f7c5d2b0
Revises:
Create Date: 2024-09-12 18:04:51.402117

"""
import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "1a31f7c5d2b0"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("full_name", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_superuser", sa.Boolean(), nullable=False),
        sa.Column("hashed_password", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_user_email"), "user", ["email"], unique=True)
    op.create_table(
        "bench",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "plant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=False),
        sa.Column("species", sqlmodel.sql.sqltypes.AutoString(length=255), nullable=True),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("bench_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["bench_id"], ["bench.id"]),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_plant_owner_id"), "plant", ["owner_id"], unique=False)
    op.create_table(
        "watering",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plant_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("millilitres", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plant_id"], ["plant.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade():
    op.drop_table("watering")
    op.drop_index(op.f("ix_plant_owner_id"), table_name="plant")
    op.drop_table("plant")
    op.drop_table("bench")
    op.drop_index(op.f("ix_user_email"), table_name="user")
    op.drop_table("user")
