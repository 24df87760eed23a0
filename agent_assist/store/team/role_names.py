"""Names of a team's roles in PostgreSQL, and the account that is signed in.

Roles belong to the whole server, so the name of each contains that of its database: two teams never share one.
"""

import hashlib
from typing import Literal

from sqlalchemy import text
from sqlalchemy.engine import Connection

from agent_assist.roles import ROLES, Role
from agent_assist.store.database import Member

MAX_ROLE_NAME_BYTES = 63
"""Bytes of UTF-8; the server truncates longer names."""


def role_name(database: str, role: Role | Literal["news"]) -> str:
    """Return the PostgreSQL role that has the rights of agents or leads in this database, or only sees what changed.

    The last one is for a connection pooler: see `team.grants.NEWS_COLUMNS`.
    """
    name = f"{database}_{role}"
    if len(name.encode()) <= MAX_ROLE_NAME_BYTES:
        return name
    return f"desk_{hashlib.sha256(database.encode()).hexdigest()[:16]}_{role}"


_MEMBER = text("""
SELECT session_user::text AS name, coalesce(bool_or(role.rolname = :lead), false) AS leads,
       (SELECT pg_has_role(session_user, tables.relowner, 'MEMBER') FROM pg_class AS tables
        WHERE tables.oid = to_regclass('offer_entries')) AS owns
FROM pg_roles AS role
WHERE role.rolname IN (:agent, :lead) AND pg_has_role(session_user, role.oid, 'MEMBER')""")


def database_name(connection: Connection) -> str:
    """Return the name of the connection's database."""
    return str(connection.exec_driver_sql("SELECT current_database()").scalar_one())


def exists(connection: Connection, role: str) -> bool:
    """Return whether the server has a role of this name."""
    return bool(connection.scalar(text("SELECT count(*) FROM pg_roles WHERE rolname = :name"), {"name": role}))


def is_team(connection: Connection) -> bool:
    """Return whether `team init` made this database a team's."""
    return exists(connection, role_name(database_name(connection), "agent"))


def is_owner(connection: Connection) -> bool:
    """Return whether this account owns the tables, or is a superuser."""
    owner = "SELECT pg_has_role(current_user, relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('offer_entries')"
    return bool(connection.exec_driver_sql(owner).scalar())


def signed_in(connection: Connection) -> Member | None:
    """Return the account of this connection, None without a team. An account in neither role counts as an agent."""
    if not is_team(connection):
        return None
    database = database_name(connection)
    row = connection.execute(_MEMBER, {name: role_name(database, name) for name in ROLES}).one()
    if row.owns:
        return Member(row.name, "lead", is_owner=True)
    return Member(row.name, "lead" if row.leads else "agent")
