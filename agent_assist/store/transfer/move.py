"""Takes a desk from one database to another, a file to a server or back, with its log intact.

Rule: both sides are locked for writers meanwhile, and the target is filled in one transaction: whatever ends the move
early, Ctrl+C too, leaves the target as empty as it was. The source is never changed.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import Connection

from agent_assist.errors import Damaged, Refused
from agent_assist.locale import _
from agent_assist.store.opening import open_sql_store, parse_url, sqlite_path
from agent_assist.store.sql import SqlStore
from agent_assist.store.team import role_names
from agent_assist.store.transfer import table_copy
from agent_assist.store.transfer.table_copy import Copied, Progress, no_progress


def move(source_url: str, target_url: str, *, home: Path, progress: Progress = no_progress) -> Copied:
    """Copy everything into an empty target. Raises Refused, Damaged or NotSaved; then the target is empty."""
    if parse_url(source_url) == parse_url(target_url):
        raise Refused(_("Source and target are the same database."))
    made = _is_new_file(target_url)
    done = False
    source = open_sql_store(source_url, read_only=False, home=home)
    try:
        target = open_sql_store(target_url, read_only=False, home=home)
        try:
            moved = _copy(source, target, progress)
            done = True
        finally:
            target.close()
            if made is not None and not done:
                made.unlink(missing_ok=True)
    finally:
        source.close()
    return moved


def _copy(source: SqlStore, target: SqlStore, progress: Progress) -> Copied:
    known = target.head_file.read()
    with locked(source) as reading, target.database.write(exclusive=True) as writing:
        for connection in (reading, writing):
            require_owner(connection)
        if known is not None and known.seq and table_copy.is_empty(writing):
            raise Damaged(
                _("The target is empty, but its offer log had {count} entries.", count=known.seq),
                hint=_("Put back a backup there, or name another database."),
            )
        copied = table_copy.copy_all(reading, writing, progress)
    with suppress(OSError):  # a head that stays behind does no harm
        target.head_file.reset(copied.head)
    return copied


@contextmanager
def locked(store: SqlStore) -> Iterator[Connection]:
    """A transaction in which nobody else writes."""
    with store.database.write(exclusive=True) as connection:
        if connection.dialect.name == "postgresql":  # every write ends with this row, also those without the lock
            connection.exec_driver_sql("UPDATE desk_changes SET token = token + 1")
        yield connection


def require_owner(connection: Connection) -> None:
    """In a team only the owner sees every row. Raises Refused."""
    if connection.dialect.name == "postgresql" and not role_names.is_owner(connection):
        raise Refused(
            _("Only the owner of the database sees everything on record."),
            hint=_("Sign in as the account that made it, in AGENT_ASSIST_DATABASE."),
        )


def _is_new_file(url: str) -> Path | None:
    """The file that opening this URL will make."""
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    path = sqlite_path(parsed)
    return None if path.exists() else path
