"""The embedded engine: one SQLite file, durable after each commit, shared by several processes on one machine.

Rules: only SQLite opens the live file (closing any other handle of the process drops SQLite's POSIX locks); a write
begins IMMEDIATE (a deferred one fails when another process writes in between); `synchronous` is never NORMAL.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path, PurePath, PureWindowsPath
from typing import Any, Literal
from urllib.parse import quote

from sqlalchemy import create_engine, event
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from agent_assist.errors import AgentAssistError, Refused
from agent_assist.locale import _
from agent_assist.store import failures
from agent_assist.store.database import Member
from agent_assist.store.news import ANYTHING, News

BUSY_TIMEOUT = 10
"""Seconds to wait for the lock of another writer."""

POLL_SECONDS = 0.2
"""Seconds between two polls for changes: each reads the file's first page."""

SAFE_WAL_VERSION = (3, 51, 3)
"""Older versions can corrupt a WAL database with two writers: sqlite.org/wal.html, "The WAL-Reset Bug"."""


def file_uri(path: PurePath, mode: Literal["ro", "rw"]) -> str:
    """Return the URI by which SQLite opens exactly this absolute path; a drive is part of the path, never a host."""
    if isinstance(path, PureWindowsPath):
        name = quote(path.as_posix(), safe="/:")
        return f"file://{name}?mode={mode}" if name.startswith("//") else f"file:///{name}?mode={mode}"
    return f"file:{quote(os.fsencode(path))}?mode={mode}"


class SqliteDatabase:
    """A database file. `wal` asks for the write-ahead log: on a local disk, with `SAFE_WAL_VERSION` or later."""

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
        self._engine.dialect.statement_compiler = _CompilerWithHints
        event.listen(self._engine, "begin", _begin)

    def create(self) -> None:
        """Create the file, readable by its owner only, unless it exists. Raises AgentAssistError."""
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
        """Switch the file to the journal of the URL; a file that others have open keeps the journal it has."""
        mode = "wal" if self._wal else "delete"
        self._engine.dispose()  # an idle connection of this process would count as open
        with suppress(sqlite3.OperationalError):
            connection = self._connect()
            try:
                if connection.execute("PRAGMA journal_mode").fetchone()[0] != mode:
                    connection.execute("PRAGMA busy_timeout = 0")
                    connection.execute(f"PRAGMA journal_mode = {mode}")
            finally:
                connection.close()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection, connection.begin():
                yield connection
        except SQLAlchemyError as error:
            raise failures.translate(error, "read") from error

    def together(self) -> AbstractContextManager[None]:
        return nullcontext()

    snapshot = read
    """A read transaction of SQLite sees one state of the file anyway."""

    @contextmanager
    def write(  # every write is exclusive, and the file itself shows that something changed
        self,
        *,
        exclusive: bool = False,  # noqa: ARG002
        op_id: str = "",  # noqa: ARG002
        news: Iterable[News] = (ANYTHING,),  # noqa: ARG002
    ) -> Iterator[Connection]:
        phase: failures.Phase = "write"
        try:
            with self._engine.connect().execution_options(write=True) as connection:
                transaction = connection.begin()
                yield connection  # an exception closes the connection, which rolls back
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

    def wait_for_change(
        self,
        seconds: float,
        *,
        agent: str = "",  # noqa: ARG002 - of anything
        offers: Collection[str] | None = None,  # noqa: ARG002
    ) -> tuple[News, ...]:
        until = time.monotonic() + seconds
        while (token := self.change_token()) == self._seen:
            left = until - time.monotonic()
            if left <= 0 or self._closed.wait(min(left, POLL_SECONDS)):
                return ()
        self._seen = token
        return (ANYTHING,)

    def member(self) -> Member | None:
        return None

    def scrub(self) -> bool:
        # secure_delete overwrites deleted cells, but not copies left when cells moved between pages: VACUUM does.
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
        # Text that is not UTF-8 would fail the whole query; with replacement characters only its own row is unreadable.
        connection.text_factory = _decode_text
        # EXTRA also syncs the folder after the journal is deleted: else a power cut can undo an acknowledged commit.
        settings = ["synchronous = FULL" if self._wal else "synchronous = EXTRA"]
        # On macOS fsync stops at the drive's cache; F_FULLFSYNC goes through it.
        settings += ["fullfsync = ON", "checkpoint_fullfsync = ON"]
        # Erased personal texts must leave no bytes in the file or in temporary files.
        settings += ["foreign_keys = ON", "secure_delete = ON", "temp_store = MEMORY"]
        try:
            for setting in settings:
                connection.execute(f"PRAGMA {setting}")
        except sqlite3.Error:
            connection.close()
            raise
        except UnicodeDecodeError as error:  # SQLite quotes a damaged name in its message
            connection.close()
            damaged = sqlite3.DatabaseError("malformed database schema")
            damaged.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
            raise damaged from error
        return connection


class _CompilerWithHints(SQLiteCompiler):
    """Writes `INDEXED BY …` from `Select.with_hint` into the statement; SQLAlchemy leaves it out."""

    def get_from_hint_text(self, _table: Any, text: str | None) -> str | None:
        return text


def _decode_text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("write") else "BEGIN")
