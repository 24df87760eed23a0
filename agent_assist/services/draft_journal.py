"""Chats that the database does not have yet, in a file on the agent's own machine.

What was typed survives a crash also while the server is away. Rule: each running desk has one file and holds its lock.
The next start of the same agent on the same database takes over the files whose lock is free, saves their chats and
deletes them.
"""

import hashlib
import os
import threading
import uuid
from collections.abc import Collection
from contextlib import ExitStack, suppress
from pathlib import Path

import msgspec

from agent_assist.chats import Chat
from agent_assist.files import locked, read_whole, write_whole

FOLDER = "drafts"

MAX_JOURNAL_SIZE = 64_000_000
"""Bytes of one file: a few hundred chats with the longest drafts that the desk takes."""


class DraftJournal:
    """The unsaved chats of one running desk. Safe from several threads."""

    def __init__(self, home: Path, database: str, agent: str) -> None:
        """`database` is the URL of the database that the chats belong to; only a digest of it is written."""
        whose = hashlib.sha256(f"{database}\0{agent}".encode()).hexdigest()[:16]
        self._folder = home / FOLDER
        self._prefix = f"{whose}-"
        self._path = self._folder / f"{self._prefix}{os.getpid()}-{uuid.uuid4().hex[:8]}.json"
        self._lock = ExitStack()
        self._is_locked = False
        self._is_finished = False
        self._turn = threading.Lock()

    def write(self, chats: Collection[Chat]) -> None:
        """Replace what the file holds by these chats; without any the file goes. Raises OSError.

        After `finish` nothing is written: a write that waited for its turn is older than the last one.
        """
        with self._turn:
            if not self._is_finished:
                self._replace(chats)

    def finish(self, chats: Collection[Chat]) -> None:
        """Write for the last time. Raises OSError."""
        with self._turn:
            self._is_finished = True
            self._replace(chats)

    def close(self, *, is_saved: bool) -> None:
        """Let go of the file, and delete it when the database has its chats. Raises OSError."""
        with self._turn:
            self._is_finished = True
            self._lock.close()
            if self._is_locked and is_saved:
                delete(self._path)
            self._is_locked = False

    def _replace(self, chats: Collection[Chat]) -> None:
        if not chats:
            if self._is_locked:
                self._path.unlink(missing_ok=True)
            return
        if not self._is_locked:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.enter_context(locked(self._path))
            self._is_locked = True
        write_whole(self._path, [msgspec.json.encode([*chats])])

    def abandoned(self) -> list[tuple[Path, tuple[Chat, ...]]]:
        """Return the files that desks which run no more left behind, oldest first, with their chats.

        A file that cannot be read holds none; it stays where it is, for a person to look at.
        """
        files = []
        for path in sorted(self._folder.glob(f"{self._prefix}*.json"), key=_modified):
            if path == self._path:
                continue
            with suppress(OSError, msgspec.MsgspecError), locked(path) as is_left:
                if is_left:
                    files.append((path, msgspec.json.decode(read_whole(path, MAX_JOURNAL_SIZE), type=tuple[Chat, ...])))
        return files


def delete(path: Path) -> None:
    """Delete a file whose chats are saved, and its lock. Raises OSError."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".lock").unlink(missing_ok=True)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
