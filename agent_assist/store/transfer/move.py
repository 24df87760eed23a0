"""Moves a store from one database to another, a file to a server or back, with its log intact.

Rule: both databases are locked against writers, and the target is written in one transaction: whatever ends the move
early, Ctrl+C too, leaves the target empty. The source is never changed.
"""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import Connection

from agent_assist.errors import Damaged, Refused
from agent_assist.files import is_there
from agent_assist.locale import _
from agent_assist.store.opening import open_sql_store, parse_url, sqlite_path
from agent_assist.store.protocol import Progress, no_progress
from agent_assist.store.schema import metadata
from agent_assist.store.sql import SqlStore
from agent_assist.store.team import role_names
from agent_assist.store.transfer import table_copy
from agent_assist.store.transfer.table_copy import Copied


def move(source_url: str, target_url: str, *, home: Path, progress: Progress = no_progress) -> Copied:
    """Copy everything into an empty target. Raises Refused, Damaged or NotSaved; the target is empty then."""
    if parse_url(source_url) == parse_url(target_url):
        raise Refused(_("Source and target are the same database."))
    new_file = _new_file(target_url)
    with closing(open_sql_store(source_url, read_only=False, home=home)) as source:
        target = open_sql_store(target_url, read_only=False, home=home)
        with _unlinked_on_failure(new_file), closing(target):
            return _copy(source, target, progress)


@contextmanager
def _unlinked_on_failure(file: Path | None) -> Iterator[None]:
    try:
        yield
    except BaseException:
        if file is not None:
            file.unlink(missing_ok=True)
        raise


def _copy(source: SqlStore, target: SqlStore, progress: Progress) -> Copied:
    last_seen = target.head_file.read()
    with locked(source) as reading, target.database.write(exclusive=True) as writing:
        for connection in (reading, writing):
            require_owner(connection)
        if last_seen is not None and last_seen.seq and table_copy.is_empty(writing):
            raise Damaged(
                _("The target is empty, but its offer log had {count} entries.", count=last_seen.seq),
                hint=_("Put back a backup there, or name another database."),
            )
        copied = table_copy.copy_all(reading, writing, progress)
    with suppress(OSError):  # a head file that stays behind its log does no harm
        target.head_file.reset(copied.head)
    return copied


@contextmanager
def locked(store: SqlStore) -> Iterator[Connection]:
    """Begin a transaction during which nobody else writes, drafts and sent replies included."""
    with store.database.write(exclusive=True) as connection:
        if connection.dialect.name == "postgresql" and role_names.is_owner(connection):
            tables = ", ".join([*metadata.tables, "desk_changes"])  # also for writes without the log's lock
            connection.exec_driver_sql(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")
        yield connection


def require_owner(connection: Connection) -> None:
    """Raise Refused unless this account sees every row: in a team only the owner does."""
    if connection.dialect.name == "postgresql" and not role_names.is_owner(connection):
        raise Refused(
            _("Only the owner of the database sees everything on record."),
            hint=_("Sign in as the account that made it, in AGENT_ASSIST_DATABASE."),
        )


def _new_file(url: str) -> Path | None:
    """Return the file that opening this URL will create, if it is one."""
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    path = sqlite_path(parsed)
    return None if is_there(path) else path
