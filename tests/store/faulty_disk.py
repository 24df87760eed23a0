"""A disk that fails or loses power when told to, under the real store: an SQLite file system made in memory.

Writes are kept apart from what was synced. After a cut each unsynced write is there, is not there, or is torn at a
sector; an unsynced removal of a file may be undone. The store runs on it through `apsw`, a second SQLite with file
systems written in Python, behind a thin driver that looks like `sqlite3`.
"""

import random
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import apsw

SECTOR = 512
NAME = "faulty"


class Disk:
    """Files by path, as the program sees them (`now`) and as they are for certain (`safe`)."""

    def __init__(self) -> None:
        self.now: dict[str, bytearray] = {}
        self.safe: dict[str, bytes] = {}
        self.unsynced: dict[str, list[tuple[int, bytes | None]]] = {}
        self.removed: dict[str, bytes] = {}
        self.calls = 0
        self.fails: Callable[[int, str], bool] = lambda _call, _what: False

    def put(self, path: str, content: bytes) -> None:
        """A file that was there before."""
        self.now[path], self.safe[path] = bytearray(content), content

    def call(self, what: str) -> None:
        """Counts an operation that changes something, and fails it when it is to fail."""
        self.calls += 1
        if self.fails(self.calls, what):
            raise apsw.FullError("no space") if what == "write" else apsw.IOError("disk failed")

    def after_a_cut(self, chance: random.Random) -> dict[str, bytes]:
        """What is found when the power is back."""
        found = {}
        for path in {*self.safe, *self.unsynced}:
            content = bytearray(self.safe.get(path, b""))
            for offset, data in self.unsynced.get(path, ()):
                if chance.random() < 0.5:
                    continue
                if data is None:
                    del content[offset:]
                    continue
                kept = data[: chance.randrange(len(data) // SECTOR + 1) * SECTOR] if chance.random() < 0.3 else data
                content.extend(bytes(max(0, offset - len(content))))
                content[offset : offset + len(kept)] = kept
            if path in self.safe or chance.random() < 0.5:
                found[path] = bytes(content)
        for path, content_before in self.removed.items():
            if path not in found and chance.random() < 0.5:
                found[path] = content_before
        return found


class _File:
    """One open file; the names are those of SQLite's interface."""

    def __init__(self, disk: Disk, path: str) -> None:
        self.disk, self.path = disk, path
        if path not in disk.now:
            disk.call("create")
            disk.now[path] = bytearray()
            disk.unsynced.setdefault(path, [])

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        return bytes(self.disk.now[self.path][offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self.disk.call("write")
        content = self.disk.now[self.path]
        content.extend(bytes(max(0, offset - len(content))))
        content[offset : offset + len(data)] = data
        self.disk.unsynced.setdefault(self.path, []).append((offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self.disk.call("truncate")
        del self.disk.now[self.path][size:]
        self.disk.unsynced.setdefault(self.path, []).append((size, None))

    def xSync(self, _flags: int) -> None:  # noqa: N802
        self.disk.call("sync")
        self.disk.safe[self.path] = bytes(self.disk.now[self.path])
        self.disk.unsynced.pop(self.path, None)
        self.disk.removed.pop(self.path, None)

    def xFileSize(self) -> int:  # noqa: N802
        return len(self.disk.now[self.path])

    def xClose(self) -> None:  # noqa: N802
        """Nothing is held open."""

    def xLock(self, _level: int) -> None:  # noqa: N802
        """One process, one writer at a time."""

    xUnlock = xLock  # noqa: N815

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xFileControl(self, _op: int, _pointer: int) -> bool:  # noqa: N802
        return False

    def xSectorSize(self) -> int:  # noqa: N802
        return SECTOR

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return 0


class _FileSystem(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        super().__init__(NAME, base="")
        self.disk = disk

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802
        path = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        flags[1] = flags[0]
        return _File(self.disk, path)

    def xDelete(self, path: str, sync: bool) -> None:  # noqa: N802
        self.disk.call("delete")
        self.disk.now.pop(path, None)
        safe = self.disk.safe.pop(path, None)
        self.disk.unsynced.pop(path, None)
        if safe is not None and not sync:
            self.disk.removed[path] = safe

    def xAccess(self, path: str, _flags: int) -> bool:  # noqa: N802
        return path in self.disk.now

    def xFullPathname(self, path: str) -> str:  # noqa: N802
        return path


class _Cursor:
    """The part of a `sqlite3` cursor that the store uses."""

    def __init__(self, connection: "_Connection") -> None:
        self.connection = connection
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid = 0
        self.arraysize = 1
        self._rows: list[Any] = []

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> "_Cursor":
        raw = self.connection.raw
        try:
            before = raw.total_changes()
            cursor = raw.cursor()
            names: Any = None
            cursor.exec_trace = lambda c, _s, _b: self._described(c)
            self.description = None
            self._rows = [tuple(row) for row in cursor.execute(statement, tuple(parameters))]
            del names
            self.rowcount = raw.total_changes() - before
        except apsw.Error as error:
            failure = sqlite3.OperationalError(str(error))
            failure.sqlite_errorcode = getattr(error, "extendedresult", 1) or 1
            raise failure from error
        return self

    def executemany(self, statement: str, many: Iterable[Sequence[Any]]) -> "_Cursor":
        for parameters in many:
            self.execute(statement, parameters)
        return self

    def _described(self, cursor: apsw.Cursor) -> bool:
        columns = cursor.get_description()
        self.description = [(column[0], None, None, None, None, None, None) for column in columns] or None
        return True

    def fetchone(self) -> Any:
        return self._rows.pop(0) if self._rows else None

    def fetchall(self) -> list[Any]:
        rows, self._rows = self._rows, []
        return rows

    def close(self) -> None:
        self._rows = []


class _Connection:
    def __init__(self, path: str) -> None:
        flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_URI
        self.raw = apsw.Connection(path, flags=flags, vfs=NAME)
        self.raw.set_busy_timeout(100)

    def cursor(self, *_factory: Any) -> _Cursor:
        return _Cursor(self)

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> _Cursor:
        return self.cursor().execute(statement, parameters)

    def create_function(self, *_arguments: Any, **_more: Any) -> None:
        """The store calls no function of its own."""

    def commit(self) -> None:
        if self.raw.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        if self.raw.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        self.raw.close(True)


class Mounted:
    """The faulty disk in the place of the real one, for stores that are opened meanwhile."""

    def __init__(self, disk: Disk, monkeypatch: Any) -> None:
        self.disk = disk
        self._system = _FileSystem(disk)
        monkeypatch.setattr(sqlite3, "connect", lambda place, **_options: _Connection(urlsplit(place).path))

    def unmount(self) -> None:
        """The file system is gone for SQLite; the disk can still be looked at."""
        self._system.unregister()


def spilled(files: dict[str, bytes], folder: Path) -> None:
    """Write what was found into a real folder."""
    for path, content in files.items():
        (folder / Path(path).name).write_bytes(content)
