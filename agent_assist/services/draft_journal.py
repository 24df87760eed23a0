"""Chats that the database does not have yet, in a file on the agent's own machine.

What is typed goes here first: a server gets it only when the agent turns to something else or pauses.

What was typed survives a crash also while the server is away. Rule: each running desk has one file and holds its lock.
The next start of the same agent on the same database takes over the files whose lock is free, saves their chats and
deletes them.
"""

import hashlib
import os
import threading
import uuid
from collections.abc import Collection, Iterable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from agent_assist.chats import Chat
from agent_assist.chats.merge import apart, merge
from agent_assist.files import locked, read_whole, write_whole
from agent_assist.store.erasure_subject import after_erasure, subjects_of

if TYPE_CHECKING:
    from agent_assist.store import Store

FOLDER = "drafts"

MAX_JOURNAL_SIZE = 64_000_000
"""Bytes of one file: a few hundred chats with the longest drafts that the desk takes."""


class UnsavedChat(msgspec.Struct, frozen=True):
    """A chat to save, and the versions of it that the database may have without any other terminal's doing: the one it
    was read or saved as, and the one that was last handed to it."""

    chat: Chat
    seen: tuple[Chat, ...] = ()


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

    def write(self, chats: Collection[UnsavedChat]) -> None:
        """Replace what the file holds by these chats; without any the file goes. Raises OSError.

        After `finish` nothing is written: a write that waited for its turn is older than the last one.
        """
        with self._turn:
            if not self._is_finished:
                self._replace(chats)

    def finish(self, chats: Collection[UnsavedChat]) -> None:
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

    def _replace(self, chats: Collection[UnsavedChat]) -> None:
        if not chats:
            if self._is_locked:
                self._path.unlink(missing_ok=True)
            return
        if not self._is_locked:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.enter_context(locked(self._path))
            self._is_locked = True
        write_whole(self._path, [msgspec.json.encode([*chats])])

    def abandoned(self) -> list[tuple[Path, tuple[UnsavedChat, ...]]]:
        """Return the files that desks which run no more left behind, oldest first, with their chats.

        A file that cannot be read holds none; it stays where it is, for a person to look at.
        """
        files = []
        for path in sorted(self._folder.glob(f"{self._prefix}*.json"), key=_modified):
            if path == self._path:
                continue
            with suppress(OSError, msgspec.MsgspecError), locked(path) as is_left:
                if is_left:
                    content = read_whole(path, MAX_JOURNAL_SIZE)
                    files.append((path, msgspec.json.decode(content, type=tuple[UnsavedChat, ...])))
        return files


def unsaved_chats(
    chats: Iterable[Chat], stored: Mapping[str, Chat], attempted: Mapping[str, Chat]
) -> tuple[UnsavedChat, ...]:
    """Return chats as the journal holds them. What was sent is recorded apart, and is left out."""

    def without_sent(chat: Chat) -> Chat:
        return replace(chat, sent=())

    return tuple(
        UnsavedChat(
            without_sent(chat),
            tuple(without_sent(versions[chat.id]) for versions in (stored, attempted) if chat.id in versions),
        )
        for chat in chats
    )


def save_drafts(store: "Store", agent: str, drafts: Iterable[UnsavedChat]) -> None:
    """Save chats that a desk left behind; what another terminal changed meanwhile is merged into them.

    Chats that were erased are dropped, and so are chats with an erased customer that no database knew.
    """
    drafts = tuple(drafts)
    gone = {chat.id for chat in store.open_chats(agent, also=[draft.chat.id for draft in drafts]) if chat.is_erased}
    subjects = subjects_of(draft.chat for draft in drafts if draft.chat.id in gone)
    for draft in drafts:
        chat = after_erasure(draft.chat, subjects, is_stored=bool(draft.seen))
        if chat is not None and chat.id not in gone:
            _save(store, agent, UnsavedChat(chat, draft.seen))


def _save(store: "Store", agent: str, draft: UnsavedChat) -> None:
    mine, base = draft.chat, draft.seen[0] if draft.seen else None
    while store.save_chat(agent, mine, seen=base) == "changed":
        chats = store.open_chats(agent, also=[mine.id])
        (theirs,) = (chat for chat in chats if chat.id == mine.id)
        base = next((seen for seen in reversed(draft.seen) if theirs.has_state_of(seen)), base)
        merged = merge(base, mine, theirs)
        if merged.left_out is not None:
            store.save_chat(agent, apart(merged.left_out, chats))
        mine, base = merged.chat, theirs


def delete(path: Path) -> None:
    """Delete a file whose chats are saved, and its lock. Raises OSError."""
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".lock").unlink(missing_ok=True)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
