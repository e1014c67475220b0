"""Enumerations as columns."""

from enum import StrEnum

import sqlalchemy as sa


def text_enum(values: type[StrEnum], name: str) -> sa.Enum:
    """Return the column type: text with a check constraint, as a native enum needs a migration step for each value."""
    return sa.Enum(
        values,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )
