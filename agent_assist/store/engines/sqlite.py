"""The embedded engine: one file, durable after each commit, shared safely by several processes on one machine.

Rules: the live file is only ever opened by SQLite (opening and closing it otherwise drops SQLite's locks); a write
begins IMMEDIATE (a deferred one loses writes when several processes write); `synchronous` is never NORMAL.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath, PureWindowsPath
from typing import Literal
from urllib.parse import quote

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from agent_assist.errors import AgentAssistError, Refused
from agent_assist.locale import _
from agent_assist.store import failures
from agent_assist.store.database import Member

BUSY_TIMEOUT = 10
POLL_SECONDS = 0.2
"""How often a waiting desk looks at what others wrote: one read of the file's first page."""
SAFE_WAL_VERSION = (3, 51, 3)
"""Older ones can corrupt a WAL database with two writers: sqlite.org/wal.html, "The WAL-Reset Bug"."""


def file_uri(path: PurePath, mode: Literal["ro", "rw"]) -> str:
    """The name by which SQLite opens this absolute path and nothing else: a drive is part of the path, never a host."""
    if isinstance(path, PureWindowsPath):
        name = quote(path.as_posix(), safe="/:")
        return f"file://{name}?mode={mode}" if name.startswith("//") else f"file:///{name}?mode={mode}"
    return f"file:{quote(os.fsencode(path))}?mode={mode}"


class SqliteDatabase:
    """A database file. `wal` asks for the write-ahead log, for a local disk and a SQLite that is sound with it."""

    def __init__(self, path: Path, *, read_only: bool = False, wal: bool = False) -> None:
        if wal and sqlite3.sqlite_version_info < SAFE_WAL_VERSION:
            raise Refused(
                _("journal=wal needs SQLite 3.51.3; this Python has {version}.", version=sqlite3.sqlite_version),
                hint=_("Leave it out of the database URL; the default is as safe."),
            )
        self.path = path
        self.read_only = read_only
        self._wal = wal
        self._uri = file_uri(path, "ro" if read_only else "rw")
        self._version_connection: sqlite3.Connection | None = None
        self._version_lock = threading.Lock()
        self._token = 0
        self._seen = -1
        self._closed = threading.Event()
        self._engine = create_engine(
            "sqlite://", creator=self._connect, hide_parameters=True, poolclass=QueuePool, pool_size=4, max_overflow=28
        )
        event.listen(self._engine, "begin", _begin)

    def create(self) -> None:
        """Make the file, readable by its owner only, unless it exists."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileExistsError):
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except OSError as error:
            raise AgentAssistError(
                _("The database {path} cannot be created: {reason}.", path=str(self.path), reason=error.strerror),
                hint=_("Name another folder with --home DIR or AGENT_ASSIST_HOME."),
            ) from error

    def set_journal_mode(self) -> None:
        """Give the file the journal that was asked for; one in use keeps the journal it has."""
        wanted = "wal" if self._wal else "delete"
        self._engine.dispose()  # our own idle connection would count as use
        with suppress(sqlite3.OperationalError):
            connection = self._connect()
            try:
                if connection.execute("PRAGMA journal_mode").fetchone()[0] != wanted:
                    connection.execute("PRAGMA busy_timeout = 0")
                    connection.execute(f"PRAGMA journal_mode = {wanted}")
            finally:
                connection.close()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection, connection.begin():
                yield connection
        except SQLAlchemyError as error:
            raise failures.translate(error, "read") from error

    snapshot = read
    """A file's reader sees one moment anyway."""

    @contextmanager
    def write(self, *, exclusive: bool = False) -> Iterator[Connection]:  # noqa: ARG002 - every write is exclusive
        phase: failures.Phase = "write"
        try:
            with self._engine.connect().execution_options(write=True) as connection:
                transaction = connection.begin()
                yield connection  # an exception rolls back, since the connection is closed uncommitted
                phase = "commit"
                transaction.commit()
        except SQLAlchemyError as error:
            raise failures.translate(error, phase) from error

    def change_token(self) -> int:
        with self._version_lock:
            try:
                if self._version_connection is None:
                    self._version_connection = self._connect()
                self._token = int(self._version_connection.execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.OperationalError as error:
                if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
                    raise failures.translate(error, "read") from error
            return self._token

    def wait_for_change(self, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while (token := self.change_token()) == self._seen:
            left = until - time.monotonic()
            if left <= 0 or self._closed.wait(min(left, POLL_SECONDS)):
                return False
        self._seen = token
        return True

    def member(self) -> Member | None:
        return None

    def scrub(self) -> bool:
        # secure_delete clears cells, but not what moving cells between pages left behind: only a new file has none.
        try:
            connection = self._connect()
        except sqlite3.Error:
            return False
        try:
            connection.execute("VACUUM")
            if self._wal:
                busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                return not busy
        except sqlite3.Error:
            return False
        finally:
            connection.close()
        return True

    def close(self) -> None:
        self._closed.set()
        with self._version_lock:
            if self._version_connection is not None:
                self._version_connection.close()
                self._version_connection = None
        self._engine.dispose()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._uri, uri=True, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False
        )
        # A text that is not UTF-8 would end the whole query; with a mark in it only its own row is unlike the others.
        connection.text_factory = _decode_text
        # EXTRA also syncs the folder after the journal is gone: without it a power cut can undo an acknowledged commit.
        settings = ["synchronous = FULL" if self._wal else "synchronous = EXTRA"]
        # On macOS a sync reaches only the drive's own memory unless it is asked for in full.
        settings += ["fullfsync = ON", "checkpoint_fullfsync = ON"]
        # Erased personal texts must leave no bytes, in the file or in temporary files.
        settings += ["foreign_keys = ON", "secure_delete = ON", "temp_store = MEMORY"]
        try:
            for setting in settings:
                connection.execute(f"PRAGMA {setting}")
        except sqlite3.Error:
            connection.close()
            raise
        return connection


def _decode_text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _begin(connection: Connection) -> None:
    wanted = "BEGIN IMMEDIATE" if connection.get_execution_options().get("write") else "BEGIN"
    connection.exec_driver_sql(wanted)
