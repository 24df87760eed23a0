"""Backup and restore: a backup is a SQLite database with everything of a store, and can be restored into either engine.

A file is copied by SQLite's online backup (nothing else may read the live file), the tables of a server inside one
snapshot. So the backup of a team can be opened and verified without a server.
Rules: a backup is complete or absent; it is verified when it is written and again before a restore; the file that a
restore replaces is renamed, not deleted.
"""

import datetime as dt
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Literal

import msgspec

from agent_assist.cleaning import clean_line
from agent_assist.errors import Damaged, NotFound, NotSaved, Refused
from agent_assist.files import expanded, is_file, is_there, move_over, reason, sync_path
from agent_assist.locale import _
from agent_assist.offers import Head
from agent_assist.store import failures, ledger
from agent_assist.store.engines.sqlite import BUSY_TIMEOUT, SqliteDatabase, file_uri
from agent_assist.store.migrate import prepare, revision
from agent_assist.store.opening import head_file_of, open_sql_store, parse_url, sqlite_path
from agent_assist.store.protocol import Progress, no_progress
from agent_assist.store.sql import SqlStore
from agent_assist.store.transfer import table_copy
from agent_assist.store.transfer.move import require_owner

_PAGES_PER_STEP = 512
"""Pages copied between two calls of `progress`, and two checks for Ctrl+C."""


class BackupInfo(msgspec.Struct, frozen=True):
    """A written backup: the head of its log, and its size in bytes."""

    head: Head
    size: int


class Restored(msgspec.Struct, frozen=True):
    """A finished restore. `before` names the file that keeps the previous content, empty when there was none."""

    head: Head
    before: str = ""


def back_up(url: str, file: Path, *, home: Path, progress: Progress = no_progress) -> BackupInfo:
    """Write a verified backup. Raises Refused when the file exists, Damaged when the log does not verify."""
    file = _absolute(file)
    if is_there(file):
        raise Refused(
            _("{file} exists already; nothing was overwritten.", file=clean_line(str(file))),
            hint=_("Name another file."),
        )
    with (
        closing(open_sql_store(url, read_only=True, home=home)) as store,
        _temporary_file(file.parent, file.name) as draft,
    ):
        head = _copy_store(store, draft, progress)
        sync_path(draft)
        _rename(draft, file)
    return BackupInfo(head, file.stat().st_size)


def _copy_store(store: SqlStore, draft: Path, progress: Progress) -> Head:
    """Copy a store into an empty file; return the verified head of its log."""
    if isinstance(store.database, SqliteDatabase):
        source = store.database.path
        _copy_file(source, draft, progress)
        return _verified(draft, clean_line(str(source)))
    with (
        closing(_open_copy(draft)) as copy,
        store.database.snapshot() as reading,
        copy.write(exclusive=True) as writing,
    ):
        require_owner(reading)
        return table_copy.copy_all(reading, writing, progress).head


def restore(url: str, file: Path, *, home: Path, older: bool = False, progress: Progress = no_progress) -> Restored:
    """Restore a backup. Raises Damaged when it does not verify, Refused when a server's database is not empty.

    Refused too when entries after the end of the backup were seen, unless `older` allows it.
    """
    file = _absolute(file)
    if not is_file(file):
        raise NotFound(_("There is no file {file}.", file=clean_line(str(file))))
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _temporary_file(home, "restore") as draft:
        _copy_file(file, draft, no_progress)
        head = _verified(draft, clean_line(str(file)))
        head_file = head_file_of(url, home)
        last_seen = head_file.read()
        if last_seen is not None and not older:
            _require_newer(draft, head, last_seen)
        parsed = parse_url(url)
        if parsed.get_backend_name() == "sqlite":
            target = sqlite_path(parsed)
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            before = _set_aside(target)
            _copy_file(draft, target, progress)
        else:
            before = ""
            _into_server(url, draft, home, progress)
        head_file.reset(head)
    return Restored(head, before)


def _into_server(url: str, draft: Path, home: Path, progress: Progress) -> None:
    with (
        closing(_open_copy(draft)) as copy,
        closing(open_sql_store(url, read_only=False, home=home)) as store,
        copy.read() as reading,
        store.database.write(exclusive=True) as writing,
    ):
        require_owner(writing)
        table_copy.copy_all(reading, writing, progress)


def _require_newer(draft: Path, head: Head, last_seen: Head) -> None:
    """Raise Refused unless the backup contains the entry that was last seen of this log."""
    with closing(_open_copy(draft)) as copy, copy.read() as connection:
        if ledger.contains(connection, last_seen):
            return
    seen = last_seen.seq
    if head.seq < seen:
        raise Refused(
            _("The backup ends at entry #{end}, but entries up to #{known} were seen.", end=head.seq, known=seen),
            hint=_("A newer backup is better. To put this one back all the same: --older"),
        )
    raise Refused(
        _("The backup is of another log: its entry #{known} is not the one that was seen.", known=seen),
        hint=_("If you are sure that it is the right one: --older"),
    )


def _open_copy(path: Path) -> SqliteDatabase:
    """Open a copy and migrate it to this version. Raises Damaged when it is another program's or of a newer version."""
    database = SqliteDatabase(path)
    try:
        prepare(database, read_only=False, name=clean_line(str(path)))
    except BaseException:
        database.close()
        raise
    return database


def _verified(path: Path, name: str) -> Head:
    """Return the head of the log in this copy. Raises Damaged when the copy does not verify."""
    database = SqliteDatabase(path)
    try:
        with database.read() as connection:
            if not revision(connection, name):
                raise Damaged(_("{name} is no backup of a desk.", name=name), hint=_("Nothing was changed."))
        prepare(database, read_only=False, name=name)
        with database.read() as connection:
            integrity = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
            verdict = table_copy.verify_log(connection)
    finally:
        database.close()
    if integrity != "ok" or not verdict.ok:
        raise Damaged(
            _("{name} does not verify: {reason}", name=name, reason=clean_line(verdict.reason or str(integrity))),
            hint=_("Nothing was changed. Use another backup, or look with: agent-assist offer verify"),
        )
    return verdict.head


def _copy_file(source: Path, target: Path, progress: Progress) -> None:
    """Copy a database file by SQLite's online backup, under its locks. Raises NotSaved after `BUSY_TIMEOUT` seconds."""
    give_up_at = time.monotonic() + BUSY_TIMEOUT

    def step(status: int, remaining: int, total: int) -> None:
        nonlocal give_up_at
        if status not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            give_up_at = time.monotonic() + BUSY_TIMEOUT
        elif time.monotonic() > give_up_at:
            raise NotSaved(_("Not saved: another program keeps the database busy."), hint=_("Close other desks first."))
        progress(total - remaining, total)

    with suppress(FileExistsError):
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(_connect(source, "ro")) as reading, closing(_connect(target, "rw")) as writing:
            reading.execute("BEGIN")
            reading.execute("SELECT count(*) FROM sqlite_master").fetchone()  # takes the read lock
            reading.backup(writing, pages=_PAGES_PER_STEP, progress=step)
    except sqlite3.Error as error:
        raise failures.translate(error, "write") from error


def _connect(path: Path, mode: Literal["ro", "rw"]) -> sqlite3.Connection:
    connection = sqlite3.connect(file_uri(path, mode), uri=True, timeout=1, isolation_level=None)
    connection.execute("PRAGMA synchronous = EXTRA")
    connection.execute("PRAGMA fullfsync = ON")
    return connection


def _set_aside(path: Path) -> str:
    """Copy the file that a restore replaces, and return the name of the copy.

    A file that SQLite cannot read is renamed instead, with its journals.
    """
    if not path.exists() or not path.stat().st_size:
        return ""
    stamp = f"{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}"
    copy = path.with_name(f"{path.stem}.before-restore-{stamp}{path.suffix}")
    try:
        _copy_file(path, copy, no_progress)
    except Damaged:
        copy.unlink(missing_ok=True)
        for end in ("", "-journal", "-wal"):
            if (file := path.with_name(path.name + end)).exists():
                _rename(file, copy.with_name(copy.name + end))
    return clean_line(str(copy))


def _absolute(file: Path) -> Path:
    """Return the absolute path of a file that the user named. Raises Refused."""
    try:
        return expanded(file)
    except OSError as error:
        raise Refused(f"{clean_line(str(file))}: {reason(error)}.", hint=_("Name another file.")) from error


def _rename(source: Path, target: Path) -> None:
    try:
        move_over(source, target)
    except OSError as error:
        raise NotSaved(_("Not saved: {reason}.", reason=reason(error)), hint=_("Close other desks first.")) from error


@contextmanager
def _temporary_file(folder: Path, name: str) -> Iterator[Path]:
    """Create an empty file, readable by its owner only, and delete it at the end unless it was renamed."""
    try:
        handle, made = tempfile.mkstemp(dir=folder, prefix=f".{name}-", suffix=".new")  # mode 0600
    except OSError as error:
        raise NotSaved(
            _("{folder} cannot be written to: {reason}.", folder=clean_line(str(folder)), reason=error.strerror),
            hint=_("Name a file in another folder."),
        ) from error
    os.close(handle)
    try:
        yield Path(made)
    finally:
        for end in ("", "-journal"):
            Path(made + end).unlink(missing_ok=True)
