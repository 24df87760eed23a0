"""What customers were told about incidents: the clock counts it, not the recording of facts.

Replies that were sent before are counted as they are on record, so that no step of an open incident seems overdue that
was taken. What a reply said of cause and plan is not known any more: it counts as saying what its facts held.
"""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_MAX_VERSION = 1_000_000_000
_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_REPLIES = sa.text("SELECT agent, at, reply FROM sent_replies ORDER BY at, id")
_FACTS = sa.text("SELECT facts FROM incident_versions WHERE id = :id AND version = :version")


def upgrade() -> None:
    """Make the table and fill it from the replies on record."""
    table = op.create_table(
        "publications",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("incident", sa.String, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("agent", sa.String, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("tells", sa.String, nullable=False),
    )
    op.create_index("ix_publications_incident", "publications", ["incident", "version"])
    connection = op.get_bind()
    if rows := [*_first_replies(connection)]:
        connection.execute(table.insert(), rows)


def _first_replies(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """Yield the row of the first readable reply from each version of the facts."""
    told: set[tuple[str, int]] = set()
    for reply in connection.execute(_REPLIES):
        sent = _decoded(reply.reply)
        incident, version = sent.get("incident_id"), sent.get("facts_version")
        is_version = type(version) is int and 0 < version <= _MAX_VERSION
        is_named = isinstance(incident, str) and bool(incident) and is_version
        if not is_named or (incident, version) in told:
            continue
        told.add((str(incident), int(version or 0)))
        facts = connection.execute(_FACTS, {"id": incident, "version": version}).scalar()
        yield {
            "incident": incident,
            "version": version,
            "at": reply.at,
            "agent": reply.agent,
            "channel": "reply",
            "tells": ",".join(_told_by(_decoded(facts))),
        }


def _told_by(facts: dict[str, Any]) -> Iterator[str]:
    yield "notice"
    if facts.get("cause"):
        yield "cause"
    eta = facts.get("eta")
    if isinstance(eta, dict) and (eta.get("at") or eta.get("end")):
        yield "plan"


def _decoded(text: object) -> dict[str, Any]:
    """Return the JSON object of a column; an empty one for what cannot be read, which reading leaves out as well."""
    try:
        value = json.loads(text) if isinstance(text, str) else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
