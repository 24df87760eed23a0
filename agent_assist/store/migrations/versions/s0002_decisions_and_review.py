"""What limits, decisions and the review ask for: indexes that answer them, and the policy as a log of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_OFFERED = "event = 'offered'"
_DECIDED = "event <> 'offered'"
_CORRECTED = "event IN ('approved', 'declined', 'voided', 'adjusted')"

# SQLite answers from an index alone only if that holds every column of the question, `event` too.
_INDEXES: tuple[tuple[str, list[str], str], ...] = (
    ("ix_offer_entries_of", ["offer_seq", "seq", "event", "pending"], ""),
    ("ix_offer_entries_incident", ["incident", "seq", "currency", "minor", "pending", "event"], _OFFERED),
    ("ix_offer_entries_agent", ["agent", "at", "event"], _OFFERED),
    # Sums over everything read this index alone: an entry itself is ten times as wide.
    (
        "ix_offer_entries_review",
        ["at", "seq", "agent", "incident", "tier", "kind", "currency", "minor", "pending", "event"],
        _OFFERED,
    ),
    ("ix_offer_entries_event", ["event", "offer_seq"], _DECIDED),
    ("ix_offer_entries_corrected", ["incident", "offer_seq"], _CORRECTED),
    ("ix_offer_entries_waiting", ["offer_seq"], "pending = 1"),
)


def upgrade() -> None:
    """Replace three indexes by better ones, add the others, and make the table of policies."""
    for name in ("ix_offer_entries_offer_seq", "ix_offer_entries_incident", "ix_offer_entries_agent"):
        op.drop_index(name, "offer_entries")
    for name, columns, where in _INDEXES:
        condition = sa.text(where) if where else None
        op.create_index(name, "offer_entries", columns, postgresql_where=condition, sqlite_where=condition)
    by_order = sa.text("name = 'order'")
    op.create_index("ix_offer_texts_order", "offer_texts", ["text"], postgresql_where=by_order, sqlite_where=by_order)
    op.create_table(
        "policy_versions",
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for name, rule in {
            "policy_versions_insert": (
                "INSERT ON policy_versions WHEN NEW.version <>"
                " (SELECT coalesce(max(version), 0) + 1 FROM policy_versions)"
            ),
            "policy_versions_update": "UPDATE ON policy_versions",
            "policy_versions_delete": "DELETE ON policy_versions",
        }.items():
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {rule} BEGIN SELECT RAISE(ABORT, 'policy_versions only grows'); END"
            )
        return
    for name, event, each in (("kept", "UPDATE OR DELETE", "ROW"), ("whole", "TRUNCATE", "STATEMENT")):
        op.execute(
            f"CREATE TRIGGER policy_versions_{name} BEFORE {event} ON policy_versions"
            f" FOR EACH {each} EXECUTE FUNCTION only_grows()"
        )
