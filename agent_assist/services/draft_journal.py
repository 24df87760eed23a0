"""Chats that the database does not have yet, in a file on the agent's own machine.

What was typed survives a crash also while the server is away. Rule: each running desk has one file and holds its lock.
The next start of the same agent on the same database takes over the files whose lock is free, saves their chats and
deletes them.
"""

import hashlib
import os
import uuid
from collections.abc import Collection
from contextlib import ExitStack, suppress
from pathlib import Path

import msgspec

from agent_assist.chats import Chat
from agent_assist.files import Unusable, locked, read_whole, write_whole

FOLDER = "drafts"

MAX_JOURNAL_SIZE = 64_000_000
"""Bytes of one file: a few hundred chats with the longest drafts that the desk takes."""


class DraftJournal:
    """The unsaved chats of one running desk. Call it from one thread at a time."""

    def __init__(self, home: Path, database: str, agent: str) -> None:
        """`database` is the URL of the database that the chats belong to; only a digest of it is written."""
        whose = hashlib.sha256(f"{database}\0{agent}".encode()).hexdigest()[:16]
        self._folder = home / FOLDER
        self._prefix = f"{whose}-"
        self._path = self._folder / f"{self._prefix}{os.getpid()}-{uuid.uuid4().hex[:8]}.json"
        self._lock = ExitStack()
        self._is_locked = False

    def write(self, chats: Collection[Chat]) -> None:
        """Replace what the file holds by these chats; without any the file goes. Raises OSError."""
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

    def close(self) -> None:
        """Let go of the file; one without chats leaves no trace."""
        self._lock.close()
        if self._is_locked and not self._path.exists():
            _lock_of(self._path).unlink(missing_ok=True)
        self._is_locked = False


def delete(path: Path) -> None:
    """Delete an abandoned file once its chats are saved. Raises OSError."""
    path.unlink(missing_ok=True)
    _lock_of(path).unlink(missing_ok=True)


def _lock_of(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except (OSError, Unusable):
        return 0.0
