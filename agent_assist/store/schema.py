"""The tables as queries see them; `migrations/` creates them, and a test compares the two.

Times are microseconds since 1970 in UTC: exact, sortable and equal on both engines. Facts, chats and replies are JSON
of the types in `incidents` and `chats`; what queries filter or sum has a column.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, MetaData, String, Table, Text

from agent_assist.offers.offer import PERSONAL_TEXTS

metadata = MetaData()

VERSION_TABLE = "agent_assist_version"
"""The table in which Alembic keeps the revision of this schema."""

incident_versions = Table(
    "incident_versions",
    metadata,
    Column("id", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("status", String, nullable=False),
    Column("author", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("facts", Text, nullable=False),
)

publications = Table(
    "publications",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("incident", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("agent", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("tells", String, nullable=False),
)
"""What customers were told about an incident: the first reply from each version of the facts, and announcements."""

chats = Table(
    "chats",
    metadata,
    Column("agent", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger),
    Column("state", Text, nullable=False),
)

sent_replies = Table(
    "sent_replies",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("op_id", String, nullable=False, unique=True),
    Column("agent", String, nullable=False),
    Column("chat_id", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("reply", Text, nullable=False),
)

uses = Table(
    "uses",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("agent", String, nullable=False),
    Column("phrase_id", String, nullable=False),
    Column("query", String, nullable=False),
    Column("lang", String, nullable=False),
    Column("stage", String, nullable=False),
    Column("edited", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
)

missed_searches = Table(
    "missed_searches",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("agent", String, nullable=False),
    Column("query", String, nullable=False),
    Column("at", BigInteger, nullable=False),
)

offer_entries = Table(
    "offer_entries",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("format", Integer, nullable=False),
    Column("op_id", String, nullable=False, unique=True),
    Column("event", String, nullable=False),
    Column("offer_seq", BigInteger, ForeignKey("offer_entries.seq"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("agent", String, nullable=False),
    Column("role", String, nullable=False),
    Column("tier", String, nullable=False),
    Column("incident", String, nullable=False),
    Column("chat", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("minor", BigInteger),
    Column("currency", String),
    Column("duration_count", Integer),
    Column("duration_unit", String),
    Column("pending", Integer, nullable=False),
    Column("rule", String, nullable=False),
    *(Column(name, String) for name in PERSONAL_TEXTS),
    Column("prev", String, nullable=False),
    Column("hash", String, nullable=False),
)
"""One row per entry, in the columns that are hashed; personal texts only as digests."""

offer_texts = Table(
    "offer_texts",
    metadata,
    Column("seq", BigInteger, ForeignKey("offer_entries.seq"), primary_key=True),
    Column("name", String, primary_key=True),
    Column("salt", String, nullable=False),
    Column("text", Text, nullable=False),
)
"""The personal texts of entries with their salts, which an erasure deletes."""

policy_versions = Table(
    "policy_versions",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("author", String, nullable=False),
    Column("text", Text, nullable=False),
)
"""Policies that leads published; the newest is in force."""
