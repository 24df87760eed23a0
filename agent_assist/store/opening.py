"""Opens the store at a database URL: checks the URL, migrates the schema, and finds the head file.

Rule: an empty or missing file is an error where the head file knows of a log.
"""

import hashlib
from pathlib import Path
from urllib.parse import unquote

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from agent_assist.cleaning import clean_line
from agent_assist.errors import AgentAssistError, Damaged, NotFound, Refused
from agent_assist.files import expanded, reason, sqlite_url
from agent_assist.locale import _
from agent_assist.roles import Role
from agent_assist.store.database import Database
from agent_assist.store.engines.sqlite import SqliteDatabase
from agent_assist.store.head_file import HeadFile
from agent_assist.store.migrate import prepare
from agent_assist.store.sql import SqlStore


def open_sql_store(url: str, *, read_only: bool, home: Path | None, role: Role = "lead") -> SqlStore:
    """See `agent_assist.store.open_store`."""
    parsed = parse_url(url)
    head_file = head_file_of(url, home)
    if parsed.get_backend_name() == "sqlite":
        file = _sqlite_file(parsed, head_file, read_only=read_only)
        return SqlStore(_prepared(file, clean_line(str(file.path)), read_only=read_only), head_file, role)
    server = _server(parsed, read_only=read_only)
    return SqlStore(_prepared(server, public_url(url), read_only=read_only), head_file, role)


def _prepared(database: Database, name: str, *, read_only: bool) -> Database:
    """The database with the schema and journal of this version; closed when that fails."""
    try:
        prepare(database, read_only=read_only, name=name)
        if isinstance(database, SqliteDatabase) and not read_only:
            database.set_journal_mode()
    except BaseException:
        database.close()
        raise
    return database


def parse_url(url: str) -> URL:
    """Parse the URL of a database. Raises Refused when this program cannot use it."""
    try:
        parsed = make_url(url)
        engine = parsed.get_backend_name()
        if engine == "sqlite":
            parsed = parsed.set(database=_exact_path(url))
        else:
            url.encode()  # names on a server are UTF-8
    except (ArgumentError, ValueError) as error:
        raise _bad_url() from error
    is_file = engine == "sqlite" and parsed.database != ":memory:"
    if not parsed.database or "\0" in parsed.database or not (is_file or engine in ("postgresql", "postgres")):
        raise _bad_url()
    if engine != "sqlite" and ("@" in parsed.database or "/" in parsed.database):
        raise _bad_url()  # part of a password whose “/” was not written as %2F
    return parsed


def public_url(url: str) -> str:
    """Return the URL without its password, and without options that may hold one."""
    parsed = parse_url(url)
    options = {name: value for name, value in parsed.query.items() if name in ("host", "port", "journal")}
    return clean_line(render_url(parsed.set(query=options), ""))


def render_url(parsed: URL, password: str) -> str:
    """Return the URL as text with this password, or none, in the form that other programs read too."""
    if parsed.get_backend_name() == "sqlite":
        options = "&".join(f"{name}={value}" for name, value in parsed.query.items())
        return (sqlite_url(Path(parsed.database or "")) + (f"?{options}" if options else "")).replace(" ", "%20")
    plain = URL.create(
        parsed.drivername, parsed.username, password or None, parsed.host, parsed.port, parsed.database, parsed.query
    )
    return plain.render_as_string(hide_password=False).replace(" ", "%20")


def sqlite_path(parsed: URL) -> Path:
    """Return the file of a SQLite URL. Raises Refused when it is in the home of a user who does not exist."""
    try:
        return expanded(Path(parsed.database or ""))
    except OSError as error:
        raise Refused(
            _("The database URL cannot be used: {reason}.", reason=reason(error)),
            hint=_("Check the folder, or name another database with AGENT_ASSIST_DATABASE."),
        ) from error


def head_file_of(url: str, home: Path | None) -> HeadFile:
    """Return the head file of this database; that of a SQLite file is in its folder unless `home` is given."""
    parsed = parse_url(url)
    if parsed.get_backend_name() == "sqlite":
        path = sqlite_path(parsed)
        return HeadFile(_head_file(path, home or path.parent))
    identity = f"{parsed.host or ''}:{parsed.port or 5432}/{parsed.database}"
    return HeadFile(home / f"{_hashed_name(identity)}.head" if home else None)


def _server(url: URL, *, read_only: bool) -> Database:
    from agent_assist.store.engines.postgres import PostgresDatabase  # psycopg, which a file does without

    try:
        return PostgresDatabase(url, read_only=read_only)
    except (ArgumentError, TypeError, ValueError) as error:  # an option that the driver cannot use
        raise _bad_url() from error


def _sqlite_file(url: URL, head_file: HeadFile, *, read_only: bool) -> SqliteDatabase:
    """The engine of a file, which is created when it is absent and no log of it is known."""
    path = sqlite_path(url)
    shown = clean_line(str(path))
    database = SqliteDatabase(path, read_only=read_only, wal=url.query.get("journal") == "wal")
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        size = -1
    except OSError as error:
        raise AgentAssistError(
            _("The database {path} cannot be opened: {reason}.", path=shown, reason=error.strerror),
            hint=_("Check the folder, or name another database with AGENT_ASSIST_DATABASE."),
        ) from error
    if size > 0:
        return database
    last_seen = head_file.read()
    if last_seen is not None:
        raise Damaged(
            _("{path} is empty or gone, but its offer log had {count} entries.", path=shown, count=last_seen.seq),
            hint=_(
                "Put back a backup; to begin anew on purpose, move {head} away.", head=clean_line(str(head_file.path))
            ),
        )
    if read_only:
        raise NotFound(_("There is no database {path}.", path=shown), hint=_("Open it once without read-only."))
    database.create()
    return database


def _head_file(path: Path, home: Path) -> Path:
    own = path.parent == home.absolute()
    return home / (f"{path.stem}.head" if own else f"{_hashed_name(str(path))}.head")


def _hashed_name(identity: str) -> str:
    return "log-" + hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _exact_path(url: str) -> str:
    """Return the path in a SQLite URL byte by byte, also where it is not UTF-8."""
    return unquote(url.partition("://")[2].partition("/")[2].partition("?")[0], errors="surrogateescape")


def _bad_url() -> Refused:
    return Refused(
        _("The database URL cannot be used."),
        hint=_("Write it like sqlite:////home/me/desk.db or postgresql://me@server/desk."),
    )
