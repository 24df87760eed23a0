"""Backups: one file that holds a whole desk, is itself a desk of SQLite, and can be put back into either engine.

A file is copied by SQLite's own online backup (the live file is never read by anything else), a server's tables are
copied inside one transaction that sees one moment. So a backup of a team can be opened and verified without a server.
Rules: a backup is complete or absent; it is verified when it is made and again before it is put back; what a restore
replaces is kept beside it.
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
from agent_assist.files import expanded, move_over, reason, sync_path
from agent_assist.locale import _
from agent_assist.offers import Head
from agent_assist.store import failures, ledger
from agent_assist.store.engines.sqlite import BUSY_TIMEOUT, SqliteDatabase, file_uri
from agent_assist.store.migrate import prepare, revision
from agent_assist.store.opening import head_file_of, open_sql_store, parse_url, sqlite_path
from agent_assist.store.transfer import table_copy
from agent_assist.store.transfer.move import require_owner
from agent_assist.store.transfer.table_copy import Progress, no_progress

_PAGES_PER_STEP = 512
"""Pages copied between two looks at Ctrl+C."""


class BackupInfo(msgspec.Struct, frozen=True):
    """A backup: where its log ends and how large the file is."""

    head: Head
    size: int


class Restored(msgspec.Struct, frozen=True):
    """What was put back; `before` is the file that keeps what was there, empty when there was nothing."""

    head: Head
    before: str = ""


def back_up(url: str, file: Path, *, home: Path, progress: Progress = no_progress) -> BackupInfo:
    """Write a verified backup. Raises Refused when the file exists, Damaged when the log does not verify."""
    file = _absolute(file)
    if file.exists():
        raise Refused(
            _("{file} exists already; nothing was overwritten.", file=clean_line(str(file))),
            hint=_("Name another file."),
        )
    store = open_sql_store(url, read_only=True, home=home)
    try:
        with _temporary_file(file.parent, file.name) as draft:
            if isinstance(store.database, SqliteDatabase):
                _copy_file(store.database.path, draft, progress)
                head = _verified(draft, clean_line(str(store.database.path)))
            else:
                copy = _open_copy(draft)
                try:
                    with store.database.snapshot() as reading, copy.write(exclusive=True) as writing:
                        require_owner(reading)
                        head = table_copy.copy_all(reading, writing, progress).head
                finally:
                    copy.close()
            sync_path(draft)
            _rename(draft, file)
    finally:
        store.close()
    return BackupInfo(head, file.stat().st_size)


def restore(url: str, file: Path, *, home: Path, older: bool = False, progress: Progress = no_progress) -> Restored:
    """Put a backup back. Raises Damaged when it does not verify, Refused when newer entries were seen (`older` puts it
    back all the same) or a server's database is not empty."""
    file = _absolute(file)
    if not file.is_file():
        raise NotFound(_("There is no file {file}.", file=clean_line(str(file))))
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _temporary_file(home, "restore") as draft:
        _copy_file(file, draft, no_progress)
        head = _verified(draft, clean_line(str(file)))
        head_file = head_file_of(url, home)
        known = head_file.read()
        if known is not None and not older:
            _require_newer(draft, head, known)
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
    copy = _open_copy(draft)
    try:
        store = open_sql_store(url, read_only=False, home=home)
        try:
            with copy.read() as reading, store.database.write(exclusive=True) as writing:
                require_owner(writing)
                table_copy.copy_all(reading, writing, progress)
        finally:
            store.close()
    finally:
        copy.close()


def _require_newer(draft: Path, head: Head, known: Head) -> None:
    copy = _open_copy(draft)
    try:
        with copy.read() as connection:
            contains = ledger.contains(connection, known)
    finally:
        copy.close()
    if contains:
        return
    if head.seq < known.seq:
        raise Refused(
            _("The backup ends at entry #{end}, but entries up to #{known} were seen.", end=head.seq, known=known.seq),
            hint=_("A newer backup is better. To put this one back all the same: --older"),
        )
    raise Refused(
        _("The backup is of another log: its entry #{known} is not the one that was seen.", known=known.seq),
        hint=_("If you are sure that it is the right one: --older"),
    )


def _open_copy(path: Path) -> SqliteDatabase:
    """Our own copy, brought up to date. Raises Damaged when it is foreign or newer."""
    database = SqliteDatabase(path)
    try:
        prepare(database, read_only=False, name=clean_line(str(path)))
    except BaseException:
        database.close()
        raise
    return database


def _verified(path: Path, name: str) -> Head:
    """The head of the log in this copy. Raises Damaged when it does not verify."""
    database = SqliteDatabase(path)
    try:
        with database.read() as connection:
            if not revision(connection, name):
                raise Damaged(_("{name} is no backup of a desk.", name=name), hint=_("Nothing was changed."))
        prepare(database, read_only=False, name=name)
        with database.read() as connection:
            words = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
            verdict = table_copy.verify_log(connection)
    finally:
        database.close()
    if words != "ok" or not verdict.ok:
        raise Damaged(
            _("{name} does not verify: {reason}", name=name, reason=clean_line(verdict.reason or str(words))),
            hint=_("Nothing was changed. Use another backup, or look with: agent-assist offer verify"),
        )
    return verdict.head


def _copy_file(source: Path, target: Path, progress: Progress) -> None:
    """SQLite's own backup of one database file into another, under its locks. Raises NotSaved when it stays busy."""
    late = time.monotonic() + BUSY_TIMEOUT

    def step(status: int, remaining: int, total: int) -> None:
        nonlocal late
        if status not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            late = time.monotonic() + BUSY_TIMEOUT
        elif time.monotonic() > late:
            raise NotSaved(_("Not saved: another program keeps the database busy."), hint=_("Close other desks first."))
        progress(total - remaining, total)

    with suppress(FileExistsError):
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(_connect(source, "ro")) as reading, closing(_connect(target, "rw")) as writing:
            reading.execute("BEGIN")
            reading.execute("SELECT count(*) FROM sqlite_master").fetchone()  # holds this moment until the end
            reading.backup(writing, pages=_PAGES_PER_STEP, progress=step)
    except sqlite3.Error as error:
        raise failures.translate(error, "write") from error


def _connect(path: Path, mode: Literal["ro", "rw"]) -> sqlite3.Connection:
    connection = sqlite3.connect(file_uri(path, mode), uri=True, timeout=1, isolation_level=None)
    connection.execute("PRAGMA synchronous = EXTRA")
    connection.execute("PRAGMA fullfsync = ON")
    return connection


def _set_aside(path: Path) -> str:
    """Set aside what the restore replaces. A file that SQLite cannot read is moved away as it is."""
    if not path.exists() or not path.stat().st_size:
        return ""
    stamp = f"{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}"
    kept = path.with_name(f"{path.stem}.before-restore-{stamp}{path.suffix}")
    try:
        _copy_file(path, kept, no_progress)
    except Damaged:
        kept.unlink(missing_ok=True)
        for end in ("", "-journal", "-wal"):
            if (beside := path.with_name(path.name + end)).exists():
                _rename(beside, kept.with_name(kept.name + end))
    return clean_line(str(kept))


def _absolute(file: Path) -> Path:
    """The absolute path of a file that somebody named. Raises Refused."""
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
    """An empty file for its owner only that goes when it was not renamed."""
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
