"""What a log of millions of entries asks for: indexes in the order of the offers, so that a page ends when it is full.

Where an index of before answers less than one of these, it goes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_OFFERED = "event = 'offered'"
_PROMISES = "event IN ('offered', 'adjusted')"

_INDEXES: tuple[tuple[str, list[str], str], ...] = (
    ("ix_offer_entries_author", ["agent", "seq"], _OFFERED),
    ("ix_offer_entries_tier", ["tier", "seq"], _OFFERED),
    ("ix_offer_entries_kind", ["kind", "offer_seq", "seq", "event"], _PROMISES),
    ("ix_offer_entries_amount", ["currency", "offer_seq", "seq", "minor", "event"], _PROMISES),
    # The first column makes SQLite search where it would scan: it takes a partial index for as long as the table.
    ("ix_offer_entries_waiting", ["pending", "offer_seq", "seq"], "pending = 1"),
    ("ix_offer_entries_event", ["event", "offer_seq", "seq"], "event <> 'offered'"),
)
_OF_TEXTS = (("ix_offer_texts_customer", "name = 'customer'"), ("ix_offer_texts_order", "name = 'order'"))


def upgrade() -> None:
    """Replace four indexes by ones that have an order, and add the others."""
    for name, columns, where in _INDEXES:
        _index(name, "offer_entries", columns, where)
    for name, where in _OF_TEXTS:
        _index(name, "offer_texts", ["text", "seq"], where)


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.drop_index(name, table, if_exists=True)
    op.create_index(name, table, columns, postgresql_where=condition, sqlite_where=condition)
