"""start"""

import sqlalchemy as sa
from alembic import op

revision = "c0ffee000001"
down_revision = None


def timestamps() -> list[sa.Column]:
    return [
        sa.Column(name, sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False)
        for name in ("created_at", "updated_at")
    ]


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("password", sa.String(200), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("email", name="uq_accounts_email"),
    )
    op.create_table(
        "api_tokens",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("account_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_api_tokens"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name="fk_api_tokens_account_id_accounts", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_api_tokens_account_id", "api_tokens", ["account_id"])
    op.create_table(
        "rooms",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("seats", sa.Integer, nullable=False),
        sa.Column("floor", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_rooms"),
        sa.UniqueConstraint("name", name="uq_rooms_name"),
    )
    op.create_table(
        "topics",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_topics"),
        sa.UniqueConstraint("label", name="uq_topics_label"),
    )
    op.create_table(
        "talks",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("title", sa.String(160), nullable=False),
        sa.Column("abstract", sa.Text, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("accepted", sa.Boolean, nullable=False),
        sa.Column("starts_at", sa.DateTime),
        sa.Column("speaker_id", sa.Integer, nullable=False),
        sa.Column("room_id", sa.Integer),
        *timestamps(),
        sa.PrimaryKeyConstraint("id", name="pk_talks"),
        sa.ForeignKeyConstraint(["speaker_id"], ["accounts.id"], name="fk_talks_speaker_id_accounts"),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name="fk_talks_room_id_rooms", ondelete="SET NULL"),
    )
    op.create_index("ix_talks_room_start", "talks", ["room_id", "starts_at"])
    op.create_table(
        "talk_topics",
        sa.Column("talk_id", sa.Integer, nullable=False),
        sa.Column("topic_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("talk_id", "topic_id", name="pk_talk_topics"),
        sa.ForeignKeyConstraint(
            ["talk_id"], ["talks.id"], name="fk_talk_topics_talk_id_talks", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name="fk_talk_topics_topic_id_topics", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    for table in ("talk_topics", "talks", "topics", "rooms", "api_tokens", "accounts"):
        op.drop_table(table)
