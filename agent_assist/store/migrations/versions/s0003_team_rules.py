"""Stricter rules for the accounts of a team: what they insert has bounds, and several rows in one statement are judged
one after the other.

The rules themselves are in `store.team`, which an upgrade writes into a team's database: this revision is what
makes that happen. A file has one owner, whom no rule binds, and stays as it is.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

_NUMBERED = ("sent_replies", "uses", "missed_searches")
_FAR_AHEAD = 2**62


def upgrade() -> None:
    """Let the server number rows from behind the numbers that somebody took ahead of their turn."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for table in _NUMBERED:
        op.execute(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), highest) FROM"  # noqa: S608 - our own names
            f" (SELECT max(id) AS highest FROM {table} WHERE id < {_FAR_AHEAD}) AS taken WHERE highest IS NOT NULL"
        )
