"""Describes a PostgreSQL server and who is signed in, for `doctor`; changes nothing."""

import msgspec
from sqlalchemy import text
from sqlalchemy.engine import Connection

from agent_assist.cleaning import clean_line
from agent_assist.roles import ROLES, Role
from agent_assist.store.team.role_names import database_name, role_name, signed_in

_DURABLE = ("fsync", "full_page_writes")

_CONNECTIONS = text("""
WITH clients AS (
  SELECT usesysid, datname FROM pg_stat_activity
  WHERE usesysid IS NOT NULL AND coalesce(backend_type, 'client backend') = 'client backend')
SELECT (SELECT count(*) FROM clients) AS used,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         - coalesce(current_setting('reserved_connections', true)::int, 0) AS allowed,
       (SELECT count(*) FROM clients WHERE datname = d.datname) AS database_used, d.datconnlimit AS database_limit,
       (SELECT count(*) FROM clients WHERE usesysid = r.oid) AS account_used, r.rolconnlimit AS account_limit
FROM pg_database AS d, pg_roles AS r WHERE d.datname = current_database() AND r.rolname = session_user""")
"""Others' connections show neither their kind nor their program to an ordinary account; processes of the server itself
have no account. `reserved_connections` came with PostgreSQL 16."""

_UNLIMITED = text("""
SELECT count(DISTINCT m.oid) FROM pg_auth_members AS a JOIN pg_roles AS g ON g.oid = a.roleid
JOIN pg_roles AS m ON m.oid = a.member
WHERE g.rolname IN (:agent, :lead) AND m.rolcanlogin AND NOT m.rolsuper AND m.rolconnlimit < 0
AND m.oid <> (SELECT relowner FROM pg_class WHERE oid = 'offer_entries'::regclass)""")


class Connections(msgspec.Struct, frozen=True, kw_only=True):
    """How many connections there are and may be. A limit that is not set is None."""

    used: int
    allowed: int
    """For all accounts without special rights together."""
    database_used: int
    database_limit: int | None = None
    account_used: int
    account_limit: int | None = None
    is_pooled: bool = False
    """Whether a connection pooler stands between; its own limits cannot be seen."""
    unlimited: int = 0
    """Accounts of the team that may open as many as they like."""


class ServerInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A server, and the account that is signed in."""

    version: str
    account: str
    role: Role | None
    """None where the database is no team's."""
    is_owner: bool
    is_encrypted: bool | None
    """None for a connection that does not leave the machine."""
    is_read_only: bool
    unsafe: tuple[str, ...]
    """Settings that are off, so that a power cut may undo acknowledged commits."""
    connections: Connections


def read_server_info(connection: Connection) -> ServerInfo:
    """Ask the server about itself."""

    def ask(statement: str) -> str:
        return clean_line(str(connection.exec_driver_sql(statement).scalar()))

    member = signed_in(connection)
    return ServerInfo(
        version=ask("SHOW server_version").partition(" ")[0],
        account=ask("SELECT session_user"),
        role=member.role if member else None,
        is_owner=member.is_owner if member else False,
        is_encrypted={"True": True, "False": False}.get(
            ask(
                "SELECT ssl FROM pg_stat_ssl, pg_stat_activity a WHERE pg_stat_ssl.pid = pg_backend_pid()"
                " AND a.pid = pg_backend_pid() AND a.client_addr IS NOT NULL"
            )
        ),
        is_read_only=ask("SELECT pg_is_in_recovery()") == "True",
        unsafe=tuple(name for name in _DURABLE if ask(f"SHOW {name}") == "off"),
        connections=_connections(connection),
    )


def _connections(connection: Connection) -> Connections:
    row = connection.execute(_CONNECTIONS).one()
    database = database_name(connection)
    driver = connection.connection.driver_connection
    process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    return Connections(
        used=row.used,
        allowed=row.allowed,
        database_used=row.database_used,
        database_limit=_limit(row.database_limit),
        account_used=row.account_used,
        account_limit=_limit(row.account_limit),
        is_pooled=driver is not None and process != driver.info.backend_pid,
        unlimited=int(connection.scalar(_UNLIMITED, {role: role_name(database, role) for role in ROLES}) or 0),
    )


def _limit(number: int) -> int | None:
    return None if number < 0 else number
