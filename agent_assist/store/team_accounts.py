"""The accounts of a team: the owner of a PostgreSQL database manages them, one login role per person.

Names are people's names in any script, sent to the server only as quoted identifiers. Passwords are sent only as a
SCRAM verifier, so that no log of the server holds one.
"""

import secrets
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import msgspec
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.engine import URL, Connection, make_url

from agent_assist.cleaning import clean_line
from agent_assist.errors import NotFound, Refused
from agent_assist.locale import _
from agent_assist.offers.decisions import is_same_person
from agent_assist.roles import ROLES, Role
from agent_assist.store.engines.postgres import MAX_POOLED
from agent_assist.store.opening import open_sql_store, render_url
from agent_assist.store.team import grants
from agent_assist.store.team.role_names import MAX_ROLE_NAME_BYTES, database_name, exists, is_owner, is_team, role_name

MAX_CONNECTIONS = 2 * (MAX_POOLED + 1)
"""Connections that an account may have at once: two desks of one person at their busiest."""

_MAX_NEWS_CONNECTIONS = 4
"""Connections of the account by which a connection pooler asks for news."""

_ALTERABLE = text("""
SELECT m.rolname FROM pg_roles AS m, pg_roles AS me WHERE me.rolname = current_user AND m.rolconnlimit < 0
AND NOT m.rolsuper AND (me.rolsuper OR me.rolcreaterole AND (current_setting('server_version_num')::int < 160000
  OR pg_has_role(me.oid, m.oid, 'MEMBER WITH ADMIN OPTION')))""")
"""Roles without a limit that this account may give one: since PostgreSQL 16 only those that it made or was given."""


class Account(msgspec.Struct, frozen=True):
    """A person of the team. `can_sign_in` is false when the role lost its LOGIN outside of this program."""

    name: str
    role: Role
    can_sign_in: bool = True


class NewAccount(msgspec.Struct, frozen=True):
    """A new account. The password is saved nowhere; it is empty when the login keeps the one it had."""

    account: Account
    url: str
    password: str


def init(url: str) -> None:
    """Make the database a team's: tables, its roles and their grants. Repeating it repairs and updates."""
    with _owner_connection(url) as (connection, _url):
        allowed = connection.exec_driver_sql(
            "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).scalar_one()
        database = database_name(connection)
        news = role_name(database, "news")
        for name, limit in (*((role_name(database, role), -1) for role in ROLES), (news, _MAX_NEWS_CONNECTIONS)):
            if not exists(connection, name):
                if not allowed:
                    raise Refused(
                        _("This account may not create accounts."),
                        hint=_("Ask whoever runs the server for: ALTER ROLE … CREATEROLE"),
                    )
                _run(connection, f"CREATE ROLE {{}} NOLOGIN CONNECTION LIMIT {limit}", name)
        grants.apply_grants(connection)
        _limit_connections(connection, {account.name for account in _accounts(connection)})


def add(url: str, name: str, role: Role, *, password: str = "", existing: bool = False) -> NewAccount:
    """Add a person, with a random password if none is given. `existing` allows a login that the server has already."""
    _check_name(name)
    with _owner_connection(url, team=True) as (connection, parsed):
        can_login = _can_log_in(connection, name)
        _check_is_free(name, _accounts(connection), may_use_login=can_login is None or existing)
        database = database_name(connection)
        secret = "" if can_login and existing else password or secrets.token_urlsafe(15)
        if can_login is None:
            _run(connection, "CREATE ROLE {} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE", name)
        _limit_connections(connection, {name})
        if secret:
            _set_password(connection, name, secret)
        for other in ROLES:
            if other != role:
                _run(connection, "REVOKE {} FROM {}", role_name(database, other), name)
        _run(connection, "GRANT {} TO {}", role_name(database, role), name)
        return NewAccount(Account(name, role), render_url(parsed.set(username=name), secret), secret)


def _limit_connections(connection: Connection, names: Collection[str]) -> None:
    """Give these accounts a limit of connections, if they have none and the account that is signed in may."""
    for (name,) in connection.execute(_ALTERABLE).all():
        if name in names:
            _run(connection, f"ALTER ROLE {{}} CONNECTION LIMIT {MAX_CONNECTIONS}", name)


def _check_is_free(name: str, team: tuple[Account, ...], *, may_use_login: bool) -> None:
    """Raise Refused when the name is like a colleague's, or is that of a login outside the team."""
    for account in team:
        if account.name != name and is_same_person(account.name, name):
            raise Refused(
                _("{name} is too much like {other}, who is in the team.", name=name, other=account.name),
                hint=_("Choose a name that nobody can mix up."),
            )
    if not may_use_login and name not in {account.name for account in team}:
        raise Refused(
            _("The server knows an account {name} already.", name=name),
            hint=_("If it is the same person, say so with --existing; else choose another name."),
        )


def _set_password(connection: Connection, name: str, password: str) -> None:
    """Allow a role to log in with this password, of which only the SCRAM verifier is sent."""
    raw = connection.connection.driver_connection
    verifier = raw.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")  # type: ignore[union-attr]
    login = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
    grants.execute(connection, login.format(sql.Identifier(name), sql.Literal(verifier.decode())))


def accounts(url: str) -> tuple[Account, ...]:
    """Return all accounts of the team, by name."""
    with _owner_connection(url, team=True) as (connection, _url):
        return _accounts(connection)


def remove(url: str, name: str) -> Account:
    """Remove a person: login and rights end at once, entries stay. Raises NotFound."""
    with _owner_connection(url, team=True) as (connection, _url):
        account = next((member for member in _accounts(connection) if member.name == name), None)
        if account is None:
            raise NotFound(
                _("{name} is not in the team.", name=clean_line(name)),
                hint=_("`agent-assist team list` shows who is."),
            )
        database = database_name(connection)
        for role in ROLES:
            _run(connection, "REVOKE {} FROM {}", role_name(database, role), name)
        elsewhere = text(
            "SELECT count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = :name"
        )
        if not connection.scalar(elsewhere, {"name": name}):  # a member of another team on this server keeps the login
            _run(connection, "ALTER ROLE {} NOLOGIN PASSWORD NULL", name)
        return account


@contextmanager
def _owner_connection(url: str, *, team: bool = False) -> Iterator[tuple[Connection, URL]]:
    """Begin an exclusive transaction as the owner of the tables, after migrating them. Raises Refused."""
    store = open_sql_store(url, read_only=False, home=None)
    try:
        with store.database.write(exclusive=True) as connection:
            if connection.dialect.name != "postgresql":
                raise Refused(
                    _("A team needs PostgreSQL; this desk is a file of one person."),
                    hint=_("Name the database: AGENT_ASSIST_DATABASE=postgresql://owner@server/desk"),
                )
            if not is_owner(connection):
                raise Refused(
                    _("Only the owner of the database manages the team."),
                    hint=_("Sign in as the account that made it, in AGENT_ASSIST_DATABASE."),
                )
            if team and not is_team(connection):
                raise Refused(_("No team was set up yet."), hint=_("Do it once: agent-assist team init"))
            yield connection, make_url(url)
    finally:
        store.close()


def _accounts(connection: Connection) -> tuple[Account, ...]:
    database = database_name(connection)
    rows = connection.execute(
        text(
            "SELECT m.rolname AS name, m.rolcanlogin AS logs_in, bool_or(g.rolname = :lead) AS leads"
            " FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member"
            " WHERE g.rolname IN (:agent, :lead) AND m.rolname <> :lead AND NOT m.rolsuper"
            " AND m.oid <> (SELECT relowner FROM pg_class WHERE oid = 'offer_entries'::regclass)"
            " GROUP BY 1, 2 ORDER BY 1"
        ),
        {role: role_name(database, role) for role in ROLES},
    )
    return tuple(Account(row.name, "lead" if row.leads else "agent", row.logs_in) for row in rows)


def _can_log_in(connection: Connection, name: str) -> bool | None:
    """Return whether this role may log in; None when it does not exist."""
    row = connection.execute(text("SELECT rolcanlogin FROM pg_roles WHERE rolname = :name"), {"name": name}).first()
    return bool(row.rolcanlogin) if row else None


def _check_name(name: str) -> None:
    if not name or name != clean_line(name).strip() or len(name.encode()) > MAX_ROLE_NAME_BYTES:
        raise Refused(
            _("{name} cannot be the name of an account.", name=repr(clean_line(name))),
            hint=_("Up to 63 letters, or 21 Chinese characters, without signs that do not show."),
        )
    if name.lower().startswith("pg_") or name.lower() in ("public", "none"):
        raise Refused(_("The server keeps the name {name} for itself.", name=name), hint=_("Choose another name."))


def _run(connection: Connection, statement: str, *names: str) -> None:
    grants.execute(connection, sql.SQL(statement).format(*map(sql.Identifier, names)))
