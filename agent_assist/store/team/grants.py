"""What each role may do in a team's database, as grants, row-level security and triggers.

Rules: a role gets only what is listed here; a table that is not listed can only be read. The author of a row is the
account that is signed in (`session_user`, which SET ROLE does not change). Functions have a fixed search path, so that
an account cannot substitute tables or functions of its own.
"""

from collections.abc import Iterator, Mapping

from psycopg import sql
from sqlalchemy.engine import Connection

from agent_assist.offers.chain import ENTRY_FORMAT, GENESIS_HASH, HASHED_COLUMNS
from agent_assist.offers.offer import PERSONAL_TEXTS
from agent_assist.roles import Role
from agent_assist.store.schema import VERSION_TABLE, metadata
from agent_assist.store.team.role_names import database_name, exists, role_name
from agent_assist.store.team.schema_shapes import FOLLOWS, INSERTABLE_COLUMNS, SHAPES

_OWN_ROW = "agent = session_user::text"
_OWN_VERSION = "author = session_user::text"
_QUERY_ERASED = ("true", "query = ''")
_OWN_ENTRY = "EXISTS (SELECT 1 FROM offer_entries e WHERE e.seq = offer_texts.seq AND e.agent = session_user::text)"

POLICIES: dict[str, tuple[tuple[Role, str, str | tuple[str, str]], ...]] = {
    "chats": (
        ("agent", "SELECT", _OWN_ROW),
        ("lead", "SELECT", "true"),
        ("agent", "INSERT", _OWN_ROW),
        ("agent", "UPDATE", _OWN_ROW),
        ("lead", "UPDATE", "true"),
        ("lead", "DELETE", "true"),
    ),
    "sent_replies": (
        ("agent", "SELECT", _OWN_ROW),
        ("lead", "SELECT", "true"),
        ("agent", "INSERT", _OWN_ROW),
        ("lead", "DELETE", "true"),
    ),
    "uses": (("agent", "SELECT", "true"), ("agent", "INSERT", _OWN_ROW), ("lead", "UPDATE", _QUERY_ERASED)),
    "missed_searches": (("agent", "SELECT", "true"), ("agent", "INSERT", _OWN_ROW), ("lead", "DELETE", "true")),
    "publications": (("agent", "SELECT", "true"), ("agent", "INSERT", _OWN_ROW)),
    "incident_versions": (("agent", "SELECT", "true"), ("lead", "INSERT", _OWN_VERSION)),
    "policy_versions": (("agent", "SELECT", "true"), ("lead", "INSERT", _OWN_VERSION)),
    "offer_entries": (
        ("agent", "SELECT", "true"),
        ("agent", "INSERT", f"{_OWN_ROW} AND role IN ('', 'agent') AND team_may_add(event, offer_seq, seq, false)"),
        ("lead", "INSERT", f"{_OWN_ROW} AND team_may_add(event, offer_seq, seq, true)"),
    ),
    "offer_texts": (("agent", "SELECT", "true"), ("agent", "INSERT", _OWN_ENTRY), ("lead", "DELETE", "true")),
    "desk_changes": (("agent", "SELECT", "true"), ("agent", "UPDATE", "true")),
}
"""By table: role, command and the condition on rows before (and after) it. A lead is an agent too, and may erase.

Triggers restrict the last two further: texts can be deleted only after an erasure is on the log, and the change token
only increases."""

UPDATABLE_COLUMNS = {
    "chats": ("position", "opened_at", "closed_at", "state"),
    "uses": ("query",),
    "desk_changes": ("token",),
}
"""The only columns that any role may update."""

NEWS_COLUMNS = {
    "desk_changes": ("token",),
    "offer_entries": ("seq", "event", "offer_seq", "agent"),
    "incident_versions": ("id", "version"),
    "policy_versions": ("version",),
}
"""What `engines.news_poll` reads, and all that the role for news may: many desks ask for news through one account."""

_MAY_ADD = """
CREATE OR REPLACE FUNCTION team_may_add(event text, of_offer bigint, this bigint, leads boolean) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER AS $$
  WITH history AS (SELECT e.seq, e.event, e.agent, e.pending FROM offer_entries e WHERE e.offer_seq = of_offer),
  now AS (
    SELECT bool_or(h.event = 'offered') AS made,
           bool_or(h.event IN ('offered', 'adjusted') AND h.agent = session_user::text) AS promised,
           bool_or(h.event = 'offered' AND h.agent = session_user::text) AS own,
           bool_or(h.event IN ('declined', 'voided')) AS ended,
           coalesce(max(h.seq) FILTER (WHERE h.pending = 1), 0) > coalesce(max(h.seq) FILTER
             (WHERE h.event IN ('approved', 'declined', 'voided', 'delivered')), 0) AS waiting
    FROM history h)
  SELECT coalesce(CASE
    WHEN event = 'offered' THEN of_offer = this
    WHEN NOT made THEN false
    WHEN event IN ('approved', 'declined') THEN leads AND waiting AND NOT promised
    WHEN event IN ('voided', 'adjusted') THEN NOT ended AND (leads OR own)
    WHEN event = 'delivered' THEN NOT ended AND NOT waiting
    WHEN event = 'erased' THEN leads
    END, false) FROM now
$$"""
"""Whether the person signed in may append this event: only a lead decides, and only about a pending offer of somebody
else; an agent changes only offers of their own; declined and voided are final.

VOLATILE, so that it sees rows that the same statement inserted before: two in one statement would otherwise each be
checked as if the other did not exist."""

_COUNTS = """
CREATE OR REPLACE FUNCTION team_counts() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  NEW.token := OLD.token + 1; RETURN NEW; END $$"""

_NUMBERS = {"seq", "offer_seq", "at", "minor", "duration_count", "pending"}


def _hashed_line(name: str) -> str:
    """Return the SQL of one line that `offers.chain` hashes."""
    column = f'NEW."{name}"'
    if name in _NUMBERS:
        return f"coalesce('{name}#' || {column}, '{name}~')"
    return f"coalesce('{name}=' || octet_length(convert_to({column}, 'UTF8')) || ':' || {column}, '{name}~')"


_LINKED = f"""
CREATE OR REPLACE FUNCTION team_linked() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NEW.format <> {ENTRY_FORMAT}
    OR NEW.prev <> coalesce((SELECT e.hash FROM offer_entries e ORDER BY e.seq DESC LIMIT 1), '{GENESIS_HASH}')
    OR NEW.hash <> encode(sha256(convert_to(concat_ws(chr(10), 'agent-assist offer entry v{ENTRY_FORMAT}',
      {", ".join(map(_hashed_line, HASHED_COLUMNS))}, ''), 'UTF8')), 'hex')
  THEN RAISE EXCEPTION 'offer_entries only grows, link by link' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NEW; END $$"""  # noqa: S608 - our own names
"""Rejects an entry that does not continue the last one, or whose hash does not cover all its columns: with one such
entry the log would never verify again."""

_OPENED = r"""
CREATE OR REPLACE FUNCTION team_opened() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  key bytea := decode(NEW.salt, 'hex');
  inside bytea := decode(repeat('36', 64), 'hex');
  outside bytea := decode(repeat('5c', 64), 'hex');
  known text;
BEGIN
  IF length(key) > 64 THEN key := sha256(key); END IF;
  FOR place IN 0 .. length(key) - 1 LOOP
    inside := set_byte(inside, place, get_byte(key, place) # 54);
    outside := set_byte(outside, place, get_byte(key, place) # 92);
  END LOOP;
  SELECT to_jsonb(e) ->> NEW.name INTO known FROM offer_entries e WHERE e.seq = NEW.seq;
  IF known IS DISTINCT FROM encode(sha256(outside || sha256(inside
      || convert_to(NEW.name, 'UTF8') || '\x00'::bytea || convert_to(NEW.text, 'UTF8'))), 'hex')
  THEN RAISE EXCEPTION 'offer_texts holds what its entry speaks of' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NULL; END $$"""
"""Rejects a text that does not match its digest (`offers.chain.digest`, an HMAC) in the entry: `verify` would report it
as changed by the owner."""

_COMPLETE = f"""
CREATE OR REPLACE FUNCTION team_complete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NOT pg_has_role(session_user, (SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID), 'MEMBER')
    AND num_nonnulls({", ".join(f'NEW."{name}"' for name in PERSONAL_TEXTS)})
      <> (SELECT count(*) FROM offer_texts t WHERE t.seq = NEW.seq)
  THEN RAISE EXCEPTION 'an entry comes with its texts' USING ERRCODE = 'restrict_violation'; END IF;
  RETURN NULL; END $$"""  # noqa: S608 - our own names
"""Rejects, at the end of the transaction, an entry that lacks the text of one of its digests: it would look erased
without an erasure. Does not apply to the owner, who copies erased entries as they are."""

_OWN_FUNCTIONS = """
SELECT DISTINCT f.oid::regprocedure::text FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid
JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = f.pronamespace
WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace AND n.nspname = current_schema()"""

_JUDGES = ("team_may_add(text, bigint, bigint, boolean)", "team_follows(text, bigint, bigint)")

_CLAUSES = {"INSERT": "WITH CHECK ({after})", "UPDATE": "USING ({before}) WITH CHECK ({after})"}

_SEQUENCES = """
SELECT s.relname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid JOIN pg_class t ON t.oid = d.refobjid
WHERE s.relkind = 'S' AND d.deptype IN ('a', 'i') AND t.relname = ANY(ARRAY[{tables}])
AND t.relnamespace = current_schema()::regnamespace"""


_SCHEMA_RULES = (
    "GRANT {agents} TO {leads}",
    "GRANT CONNECT ON DATABASE {database} TO {agents}",
    "REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC",
    "GRANT USAGE ON SCHEMA {schema} TO {agents}",
    _MAY_ADD,
    FOLLOWS,
    _COUNTS,
    _LINKED,
    _OPENED,
    _COMPLETE,
    "DROP TRIGGER IF EXISTS offer_entries_linked ON offer_entries",
    "CREATE TRIGGER offer_entries_linked BEFORE INSERT ON offer_entries FOR EACH ROW EXECUTE FUNCTION team_linked()",
    "DROP TRIGGER IF EXISTS offer_texts_opened ON offer_texts",
    "CREATE TRIGGER offer_texts_opened AFTER INSERT ON offer_texts FOR EACH ROW EXECUTE FUNCTION team_opened()",
    "DROP TRIGGER IF EXISTS offer_entries_complete ON offer_entries",
    "CREATE CONSTRAINT TRIGGER offer_entries_complete AFTER INSERT ON offer_entries"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION team_complete()",
    "REVOKE ALL ON FUNCTION team_may_add, team_follows FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION team_may_add, team_follows TO {agents}",
    "DROP TRIGGER IF EXISTS desk_changes_counts ON desk_changes",
    "CREATE TRIGGER desk_changes_counts BEFORE UPDATE ON desk_changes FOR EACH ROW EXECUTE FUNCTION team_counts()",
)
"""Statements for the whole schema: rights to connect, functions and triggers."""


def apply_grants(connection: Connection) -> None:
    """Give each role exactly the rights above; repeated after each upgrade. Only the owner of the tables can."""
    schema = sql.Identifier(str(connection.exec_driver_sql("SELECT current_schema()").scalar_one()))
    database = database_name(connection)
    agents, leads = (sql.Identifier(role_name(database, role)) for role in ("agent", "lead"))
    tables = [*metadata.tables, "desk_changes", VERSION_TABLE]
    names = {"schema": schema, "agents": agents, "leads": leads, "database": sql.Identifier(database)}
    for statement in _SCHEMA_RULES:
        execute(connection, sql.SQL(statement).format(**names))
    signatures = [row[0] for row in execute(connection, sql.SQL(_OWN_FUNCTIONS))]
    for signature in [*signatures, *_JUDGES]:
        fixed = f"ALTER FUNCTION {signature} SET search_path = {{schema}}, pg_temp"
        execute(connection, sql.SQL(fixed).format(**names))
    for name in tables:
        for grant in _table_grants(connection, name, agents, leads):
            execute(connection, grant)
    if exists(connection, role_name(database, "news")):
        names["news"] = sql.Identifier(role_name(database, "news"))
        for grant in _news_grants(names):
            execute(connection, grant)
    sequences = sql.SQL(_SEQUENCES).format(tables=sql.SQL(", ").join(map(sql.Literal, tables)))
    for (sequence,) in execute(connection, sequences):
        execute(connection, sql.SQL("GRANT USAGE ON SEQUENCE {} TO {}").format(sql.Identifier(sequence), agents))


def _table_grants(
    connection: Connection, name: str, agents: sql.Identifier, leads: sql.Identifier
) -> Iterator[sql.Composed]:
    table = sql.Identifier(name)
    yield sql.SQL("REVOKE ALL ON {} FROM PUBLIC, {}, {}").format(table, agents, leads)
    yield sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(table)
    policies = sql.SQL("SELECT policyname FROM pg_policies WHERE schemaname = current_schema() AND tablename = {}")
    for (policy,) in execute(connection, policies.format(sql.Literal(name))):
        yield sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(policy), table)
    for role, command, rows in POLICIES.get(name, (("agent", "SELECT", "true"),)):
        who = {"agent": agents, "lead": leads}[role]
        columns = {"UPDATE": UPDATABLE_COLUMNS, "INSERT": INSERTABLE_COLUMNS}.get(command, {}).get(name, ())
        right: sql.Composable = sql.SQL(command)
        if columns:
            right = sql.SQL("{} ({})").format(right, sql.SQL(", ").join(map(sql.Identifier, columns)))
        yield sql.SQL("GRANT {} ON {} TO {}").format(right, table, who)
        before, after = rows if isinstance(rows, tuple) else (rows, rows)
        if command == "INSERT" or (name, command) == ("chats", "UPDATE"):
            after = f"({after}) AND ({SHAPES[name]})"
        yield sql.SQL("CREATE POLICY {} ON {} FOR {} TO {} {}").format(
            sql.Identifier(f"team_{role}_{command.lower()}"),
            table,
            sql.SQL(command),
            who,
            sql.SQL(_CLAUSES.get(command, "USING ({before})").format(before=before, after=after)),
        )


def _news_grants(names: Mapping[str, sql.Identifier]) -> Iterator[sql.Composed]:
    yield sql.SQL("GRANT CONNECT ON DATABASE {database} TO {news}").format(**names)
    yield sql.SQL("GRANT USAGE ON SCHEMA {schema} TO {news}").format(**names)
    for name, columns in NEWS_COLUMNS.items():
        table, shown = sql.Identifier(name), sql.SQL(", ").join(map(sql.Identifier, columns))
        yield sql.SQL("REVOKE ALL ON {table} FROM {news}").format(table=table, **names)
        yield sql.SQL("GRANT SELECT ({shown}) ON {table} TO {news}").format(shown=shown, table=table, **names)
        policy = "CREATE POLICY team_news_select ON {table} FOR SELECT TO {news} USING (true)"
        yield sql.SQL(policy).format(table=table, **names)


def execute(connection: Connection, statement: sql.Composable) -> list[tuple[str, ...]]:
    """Execute a composed statement without parameters; return its rows, if it has any."""
    query = statement.as_string(connection.connection.driver_connection)
    result = connection.exec_driver_sql(query, None, execution_options={"no_parameters": True})
    return [tuple(row) for row in result] if result.returns_rows else []
