"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Written out, not taken from `tables`: a migration stays as it was when the tables move on.
KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make all tables."""
    for make in (_sights, _cursors, _effects, _runs, _responses, _history):
        make()


def _key(name: str, kind: sa.types.TypeEngine[Any] | None = None) -> sa.Column[Any]:
    return sa.Column(name, kind or sa.Text(), nullable=False)


def _sights() -> None:
    op.create_table(
        "sights",
        _key("network"),
        _key("source"),
        _key("id"),
        sa.Column("value", sa.Text()),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("network", "source", "id", name="pk_sights"),
    )


def _cursors() -> None:
    op.create_table(
        "cursors",
        _key("network"),
        _key("source"),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("network", "source", name="pk_cursors"),
    )


def _effects() -> None:
    op.create_table(
        "effects",
        _key("network"),
        _key("key", KEY),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.Text()),
        sa.Column("etag", sa.Text()),
        sa.Column("baseline", sa.Text(), nullable=False),
        sa.Column("upload", sa.Text()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", TIME),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.Column("updated", TIME, nullable=False),
        sa.PrimaryKeyConstraint("network", "key", name="pk_effects"),
    )


def _runs() -> None:
    op.create_table(
        "runs",
        _key("network"),
        _key("job"),
        _key("scope"),
        _key("period", TIME),
        sa.Column("started", TIME, nullable=False),
        sa.Column("finished", TIME, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("did", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("network", "job", "scope", "period", name="pk_runs"),
    )


def _responses() -> None:
    op.create_table(
        "responses",
        _key("network"),
        _key("form"),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("submitted", TIME),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("network", "form", "position", name="pk_responses"),
    )


def _history() -> None:
    op.create_table(
        "history",
        _key("network"),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        _key("question"),
        sa.Column("mean", sa.Text(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("network", "year", "question", name="pk_history"),
    )
