"""The first tables: facts, chats, sent replies, usage, and the offer log that refuses to be changed."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_PERSONAL = ("customer", "order", "thing", "sentence", "reason", "note")
_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make tables and triggers in an empty database."""
    _facts_and_chats()
    _usage()
    _offers()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_triggers()
    else:
        _postgres_triggers()
        op.execute("CREATE TABLE desk_changes (token BIGINT NOT NULL)")
        op.execute("INSERT INTO desk_changes VALUES (0)")


def _facts_and_chats() -> None:
    op.create_table(
        "incident_versions",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
    )
    op.create_table(
        "chats",
        sa.Column("agent", sa.String, primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_table(
        "sent_replies",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("op_id", sa.String, nullable=False, unique=True),
        sa.Column("agent", sa.String, nullable=False),
        sa.Column("chat_id", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("reply", sa.Text, nullable=False),
    )
    op.create_index("ix_sent_replies_chat", "sent_replies", ["agent", "chat_id"])


def _usage() -> None:
    op.create_table(
        "uses",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("agent", sa.String, nullable=False),
        sa.Column("phrase_id", sa.String, nullable=False),
        sa.Column("query", sa.String, nullable=False),
        sa.Column("lang", sa.String, nullable=False),
        sa.Column("stage", sa.String, nullable=False),
        sa.Column("edited", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "missed_searches",
        sa.Column("id", _BIG, primary_key=True),
        sa.Column("agent", sa.String, nullable=False),
        sa.Column("query", sa.String, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


def _offers() -> None:
    op.create_table(
        "offer_entries",
        sa.Column("seq", _BIG, primary_key=True, autoincrement=False),
        sa.Column("format", sa.Integer, nullable=False),
        sa.Column("op_id", sa.String, nullable=False, unique=True),
        sa.Column("event", sa.String, nullable=False),
        sa.Column("offer_seq", sa.BigInteger, sa.ForeignKey("offer_entries.seq"), nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("agent", sa.String, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("tier", sa.String, nullable=False),
        sa.Column("incident", sa.String, nullable=False),
        sa.Column("chat", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("minor", sa.BigInteger),
        sa.Column("currency", sa.String),
        sa.Column("duration_count", sa.Integer),
        sa.Column("duration_unit", sa.String),
        sa.Column("pending", sa.Integer, nullable=False),
        sa.Column("rule", sa.String, nullable=False),
        *(sa.Column(name, sa.String) for name in _PERSONAL),
        sa.Column("prev", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.CheckConstraint(
            "event IN ('offered', 'approved', 'declined', 'voided', 'adjusted', 'delivered', 'erased')",
            name="offer_entries_event",
        ),
    )
    op.create_index("ix_offer_entries_offer_seq", "offer_entries", ["offer_seq"])
    op.create_index("ix_offer_entries_incident", "offer_entries", ["incident"])
    op.create_index("ix_offer_entries_agent", "offer_entries", ["agent", "at"])
    op.create_table(
        "offer_texts",
        sa.Column("seq", sa.BigInteger, sa.ForeignKey("offer_entries.seq"), primary_key=True),
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("salt", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index(
        "ix_offer_texts_customer",
        "offer_texts",
        ["text"],
        postgresql_where=sa.text("name = 'customer'"),
        sqlite_where=sa.text("name = 'customer'"),
    )


_ERASED = (
    "SELECT 1 FROM offer_entries kept JOIN offer_entries erased ON erased.offer_seq = kept.offer_seq"
    " WHERE kept.seq = OLD.seq AND erased.event = 'erased' AND erased.seq > OLD.seq"
)


def _sqlite_triggers() -> None:
    # The INSERT triggers also stop INSERT OR REPLACE, which deletes without asking a DELETE trigger.
    rules = {
        "incident_versions_insert": (
            "INSERT ON incident_versions WHEN EXISTS"
            " (SELECT 1 FROM incident_versions WHERE id = NEW.id AND version = NEW.version)"
        ),
        "incident_versions_update": "UPDATE ON incident_versions",
        "incident_versions_delete": "DELETE ON incident_versions",
        "offer_entries_insert": (
            "INSERT ON offer_entries WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM offer_entries)"
            " OR EXISTS (SELECT 1 FROM offer_entries WHERE op_id = NEW.op_id)"
        ),
        "offer_entries_update": "UPDATE ON offer_entries",
        "offer_entries_delete": "DELETE ON offer_entries",
        "offer_texts_insert": (
            "INSERT ON offer_texts WHEN NEW.seq <> (SELECT max(seq) FROM offer_entries)"
            " OR EXISTS (SELECT 1 FROM offer_texts WHERE seq = NEW.seq AND name = NEW.name)"
        ),
        "offer_texts_update": "UPDATE ON offer_texts",
        "offer_texts_delete": f"DELETE ON offer_texts WHEN NOT EXISTS ({_ERASED})",
    }
    for name, rule in rules.items():
        table = rule.split()[2]
        op.execute(f"CREATE TRIGGER {name} BEFORE {rule} BEGIN SELECT RAISE(ABORT, '{table} only grows'); END")


def _postgres_triggers() -> None:
    op.execute(
        "CREATE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$"
    )
    op.execute(
        "CREATE FUNCTION next_entry_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM offer_entries) THEN"
        "  RAISE EXCEPTION 'offer_entries only grows' USING ERRCODE = 'restrict_violation'; END IF;"
        " RETURN NEW; END $$"
    )
    op.execute(
        "CREATE FUNCTION newest_entry_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF NEW.seq <> (SELECT max(seq) FROM offer_entries) THEN"
        "  RAISE EXCEPTION 'offer_texts only grows' USING ERRCODE = 'restrict_violation'; END IF;"
        " RETURN NEW; END $$"
    )
    op.execute(
        "CREATE FUNCTION erased_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF NOT EXISTS ({_ERASED}) THEN"
        "  RAISE EXCEPTION 'offer_texts only grows' USING ERRCODE = 'restrict_violation'; END IF;"
        " RETURN OLD; END $$"
    )
    for table in ("incident_versions", "offer_entries", "offer_texts"):
        events = "UPDATE" if table == "offer_texts" else "UPDATE OR DELETE"
        op.execute(f"CREATE TRIGGER {table}_kept BEFORE {events} ON {table} FOR EACH ROW EXECUTE FUNCTION only_grows()")
        op.execute(
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION only_grows()"
        )
    for name, table, moment, function in (
        ("next", "offer_entries", "INSERT", "next_entry_only"),
        ("newest", "offer_texts", "INSERT", "newest_entry_only"),
        ("erased", "offer_texts", "DELETE", "erased_only"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_{name} BEFORE {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
