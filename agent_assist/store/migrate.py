"""Migrates a database to the schema of this version; refuses another program's or a newer one.

A database that is up to date costs one read. Alembic is imported only when there is something to do, and runs inside
one exclusive transaction, so that a killed migration leaves the database as it was.
"""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import String, column, select, table
from sqlalchemy.engine import Connection

from agent_assist.errors import AgentAssistError, Damaged
from agent_assist.locale import _
from agent_assist.store.database import UNBOUNDED, Database
from agent_assist.store.schema import VERSION_TABLE, metadata

HEAD = "0005"
"""The revision of this version's schema."""

_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}


def prepare(database: Database, *, read_only: bool, name: str) -> None:
    """Migrate the database to `HEAD`. `name` is its name in messages. Raises AgentAssistError, Damaged."""
    with database.read() as connection:
        if revision(connection, name) == HEAD:
            return
    if read_only:
        raise AgentAssistError(
            _("{name} has no tables of this version yet.", name=name),
            hint=_("Open it once without read-only."),
        )
    with database.write(exclusive=True) as connection:
        current = revision(connection, name)  # again: another process may have migrated it meanwhile
        if current != HEAD:
            _upgrade(connection, current, name)


def revision(connection: Connection, name: str) -> str:
    """Return the revision of the schema, empty without tables. Raises Damaged when the tables are another program's."""
    tables = {row[0] for row in connection.exec_driver_sql(_TABLES[connection.dialect.name])}
    if VERSION_TABLE in tables:
        return connection.scalar(select(column("version_num", String)).select_from(table(VERSION_TABLE))) or ""
    # A file belongs to one program; in the schema of a server other programs may have tables too.
    if tables if connection.dialect.name == "sqlite" else tables & set(metadata.tables):
        raise Damaged(
            _("{name} belongs to another program; it was left untouched.", name=name),
            hint=_("Name another database with AGENT_ASSIST_DATABASE."),
        )
    return ""


def _upgrade(connection: Connection, current: str, name: str) -> None:
    # loaded only for a migration
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    revisions = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current and current not in revisions:
        raise Damaged(
            _("{name} was made by a newer agent-assist; it was left untouched.", name=name),
            hint=_("Update agent-assist, or name another database with AGENT_ASSIST_DATABASE."),
        )
    if connection.dialect.name == "postgresql":
        _upgrade_team(connection, current, name, lambda: command.upgrade(config, "head"))
    else:
        command.upgrade(config, "head")


def _upgrade_team(connection: Connection, current: str, name: str, upgrade: Callable[[], None]) -> None:
    """Upgrade as the owner of the tables, and write the grants of a team again."""
    from agent_assist.store.team import grants, role_names  # psycopg, which a file does without

    if current and not role_names.is_owner(connection):
        raise AgentAssistError(
            _("{name} has the tables of an older version.", name=name),
            hint=_("Ask its owner to call `agent-assist team init` once; until then use the older version."),
        )
    connection.execution_options(**{UNBOUNDED: True})
    connection.exec_driver_sql("SET LOCAL statement_timeout = 0")  # an index of a long log takes its time
    upgrade()
    if role_names.is_team(connection):
        grants.apply_grants(connection)
