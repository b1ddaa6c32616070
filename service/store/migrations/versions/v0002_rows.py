"""Of responses: when they were begun and changed, and in which row of their sheet they stand."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, empty: the next reading of a sheet fills them."""
    for name, kind in (
        ("started", sa.DateTime(timezone=True)),
        ("changed", sa.DateTime(timezone=True)),
        ("row", sa.Integer()),
    ):
        op.add_column("responses", sa.Column(name, kind))
