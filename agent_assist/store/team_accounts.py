"""The accounts of a team: set up by the owner of a PostgreSQL database, one login role a person.

Names are people's names, in any script; they reach the server only as quoted identifiers. Passwords go there only as a
SCRAM verifier, so that no log of the server ever holds one.
"""

import secrets
from collections.abc import Iterator
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
from agent_assist.store.opening import open_sql_store, render_url
from agent_assist.store.team import grants
from agent_assist.store.team.role_names import MAX_ROLE_NAME_BYTES, database_name, is_owner, is_team, role_name


class Account(msgspec.Struct, frozen=True):
    """A person of the team; `can_sign_in` is false after somebody else took the login away."""

    name: str
    role: Role
    can_sign_in: bool = True


class NewAccount(msgspec.Struct, frozen=True):
    """A new account. The password is known only here; empty when the account keeps the one it has."""

    account: Account
    url: str
    password: str


def init(url: str) -> None:
    """Make the database a team's: tables, both groups, what each may do. Repeating it repairs and updates."""
    with _owner_connection(url) as (connection, _url):
        allowed = connection.exec_driver_sql(
            "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).scalar_one()
        database = database_name(connection)
        for role in ROLES:
            name = role_name(database, role)
            if _can_log_in(connection, name) is None:
                if not allowed:
                    raise Refused(
                        _("This account may not create accounts."),
                        hint=_("Ask whoever runs the server for: ALTER ROLE … CREATEROLE"),
                    )
                _run(connection, "CREATE ROLE {} NOLOGIN", name)
        grants.apply_grants(connection)


def add(url: str, name: str, role: Role, *, password: str = "", existing: bool = False) -> NewAccount:
    """Give a person an account, with a password made here if none is given. `existing`: a login the server knows."""
    _check_name(name)
    with _owner_connection(url, team=True) as (connection, parsed):
        for known in _accounts(connection):
            if known.name != name and is_same_person(known.name, name):
                raise Refused(
                    _("{name} is too much like {other}, who is in the team.", name=name, other=known.name),
                    hint=_("Choose a name that nobody can mix up."),
                )
        database = database_name(connection)
        can_login = _can_log_in(connection, name)
        if can_login is not None and not existing and name not in {known.name for known in _accounts(connection)}:
            raise Refused(
                _("The server knows an account {name} already.", name=name),
                hint=_("If it is the same person, say so with --existing; else choose another name."),
            )
        secret = "" if can_login and existing else password or secrets.token_urlsafe(15)
        if can_login is None:
            _run(connection, "CREATE ROLE {} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE", name)
        if secret:
            raw = connection.connection.driver_connection
            verifier = raw.pgconn.encrypt_password(secret.encode(), name.encode(), b"scram-sha-256")  # type: ignore[union-attr]
            login = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
            grants.execute(connection, login.format(sql.Identifier(name), sql.Literal(verifier.decode())))
        for other in ROLES:
            if other != role:
                _run(connection, "REVOKE {} FROM {}", role_name(database, other), name)
        _run(connection, "GRANT {} TO {}", role_name(database, role), name)
        return NewAccount(Account(name, role), render_url(parsed.set(username=name), secret), secret)


def accounts(url: str) -> tuple[Account, ...]:
    """Everybody of the team, by name."""
    with _owner_connection(url, team=True) as (connection, _url):
        return _accounts(connection)


def remove(url: str, name: str) -> Account:
    """Take a person out: no login, open desks lose their rights at once, the entries stay. Raises NotFound."""
    with _owner_connection(url, team=True) as (connection, _url):
        account = next((known for known in _accounts(connection) if known.name == name), None)
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
        if not connection.scalar(elsewhere, {"name": name}):  # a colleague in another team on this server keeps that
            _run(connection, "ALTER ROLE {} NOLOGIN PASSWORD NULL", name)
        return account


@contextmanager
def _owner_connection(url: str, *, team: bool = False) -> Iterator[tuple[Connection, URL]]:
    """One transaction as the owner of the tables, which are brought up to date first."""
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
    """Whether this role may log in; None when there is none."""
    found = connection.execute(text("SELECT rolcanlogin FROM pg_roles WHERE rolname = :name"), {"name": name}).first()
    return bool(found.rolcanlogin) if found else None


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
