"""From a database URL to a store that is ready: reachable, ours, up to date, and no empty file where a log is known."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from agent_assist.cleaning import clean_line
from agent_assist.errors import AgentAssistError, Damaged, NotFound, Refused
from agent_assist.files import expanded, reason, sqlite_url
from agent_assist.locale import _
from agent_assist.offers.policy import Role
from agent_assist.store.engines.sqlite import SqliteDatabase
from agent_assist.store.head_file import HeadFile
from agent_assist.store.migrate import prepare
from agent_assist.store.sql import SqlStore

if TYPE_CHECKING:
    from agent_assist.store.database import Database


def opened(url: str, *, read_only: bool, home: Path | None, role: Role = "lead") -> SqlStore:
    """See `agent_assist.store.open_store`."""
    parsed = address(url)
    outside = outside_head(url, home)
    database: Database
    if parsed.get_backend_name() == "sqlite":
        path = file_of(parsed)
        name = clean_line(str(path))
        database = _sqlite_file(path, parsed, outside, read_only=read_only)
    else:
        from agent_assist.store.engines.postgres import PostgresDatabase

        name = shown(url)
        try:
            database = PostgresDatabase(parsed, read_only=read_only)
        except (ArgumentError, TypeError, ValueError) as error:  # an option that the driver cannot use
            raise _bad_url() from error
    try:
        prepare(database, read_only=read_only, name=name)
        if isinstance(database, SqliteDatabase) and not read_only:
            database.settle_journal()
    except BaseException:
        database.close()
        raise
    return SqlStore(database, outside, role)


def address(url: str) -> URL:
    """The parsed URL of a database that this program can use. Raises Refused."""
    try:
        parsed = make_url(url)
        engine = parsed.get_backend_name()
        if engine == "sqlite":
            parsed = parsed.set(database=_exact_path(url))
        else:
            url.encode()  # no server has a name that is not UTF-8
    except (ArgumentError, ValueError) as error:
        raise _bad_url() from error
    is_file = engine == "sqlite" and parsed.database != ":memory:"
    if not parsed.database or "\0" in parsed.database or not (is_file or engine in ("postgresql", "postgres")):
        raise _bad_url()
    if engine != "sqlite" and ("@" in parsed.database or "/" in parsed.database):
        raise _bad_url()  # the rest of a password in which “/” was not written as %2F
    return parsed


def shown(url: str) -> str:
    """The URL as it may be shown: without password and options, in which there may be one."""
    parsed = address(url)
    options = {name: value for name, value in parsed.query.items() if name in ("host", "port", "journal")}
    return clean_line(rendered(parsed.set(query=options), ""))


def rendered(parsed: URL, password: str) -> str:
    """The URL with this password or none, as other programs read it too."""
    if parsed.get_backend_name() == "sqlite":
        options = "&".join(f"{name}={value}" for name, value in parsed.query.items())
        return (sqlite_url(Path(parsed.database or "")) + (f"?{options}" if options else "")).replace(" ", "%20")
    plain = URL.create(
        parsed.drivername, parsed.username, password or None, parsed.host, parsed.port, parsed.database, parsed.query
    )
    return plain.render_as_string(hide_password=False).replace(" ", "%20")


def file_of(parsed: URL) -> Path:
    """The file of a SQLite URL. Raises Refused when it lies at the home of a user who does not exist."""
    try:
        return expanded(Path(parsed.database or ""))
    except OSError as error:
        raise Refused(
            _("The database URL cannot be used: {reason}.", reason=reason(error)),
            hint=_("Check the folder, or name another database with AGENT_ASSIST_DATABASE."),
        ) from error


def outside_head(url: str, home: Path | None) -> HeadFile:
    """Where the head of this database's log is kept; for a file by default beside it."""
    parsed = address(url)
    if parsed.get_backend_name() == "sqlite":
        path = file_of(parsed)
        return HeadFile(_head_file(path, home or path.parent))
    identity = f"{parsed.host or ''}:{parsed.port or 5432}/{parsed.database}"
    return HeadFile(home / f"{_short(identity)}.head" if home else None)


def _sqlite_file(path: Path, url: URL, outside: HeadFile, *, read_only: bool) -> SqliteDatabase:
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
    known = outside.read()
    if known is not None:
        raise Damaged(
            _("{path} is empty or gone, but its offer log had {count} entries.", path=shown, count=known.seq),
            hint=_(
                "Put back a backup; to begin anew on purpose, move {head} away.", head=clean_line(str(outside.path))
            ),
        )
    if read_only:
        raise NotFound(_("There is no database {path}.", path=shown), hint=_("Open it once without read-only."))
    database.create()
    return database


def _head_file(path: Path, home: Path) -> Path:
    own = path.parent == home.absolute()
    return home / (f"{path.stem}.head" if own else f"{_short(str(path))}.head")


def _short(identity: str) -> str:
    return "log-" + hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _exact_path(url: str) -> str:
    """The path in the URL of a file with every byte as it is on the disk, also where it is not UTF-8."""
    return unquote(url.partition("://")[2].partition("/")[2].partition("?")[0], errors="surrogateescape")


def _bad_url() -> Refused:
    return Refused(
        _("The database URL cannot be used."),
        hint=_("Write it like sqlite:////home/me/desk.db or postgresql://me@server/desk."),
    )
