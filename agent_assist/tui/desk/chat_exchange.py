"""The chats of this desk after other terminals of the same agent changed them in the database, or an erasure did."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from agent_assist.chats import Chat, numbered
from agent_assist.chats.merge import apart, merge
from agent_assist.store.erasure_subject import after_erasure, subjects_of
from agent_assist.tui.desk.chat_tabs import ChatTabs, restored_tabs


class ChatsHere(NamedTuple):
    """The chats of a desk: on the screen, not saved yet, as the database has them, and those that were closed."""

    chat_tabs: ChatTabs
    unsaved: Mapping[str, Chat]
    stored: Mapping[str, Chat]
    closed: tuple[Chat, ...] = ()


class Exchanged(NamedTuple):
    """What the desk has now, and what the agent is told: names of chats closed elsewhere, of chats whose other version
    stands in a chat of its own, and how many were erased."""

    here: ChatsHere
    closed: tuple[Chat, ...] = ()
    split: tuple[Chat, ...] = ()
    erased: int = 0


def exchange(here: ChatsHere, read: Iterable[Chat], spare: Chat) -> Exchanged:
    """Take chats as they were read. `spare` is the chat of a desk that has no other; the current one stays current.

    A chat with unsaved changes keeps them, also when it was closed elsewhere: then it is open again.
    """
    read = tuple(read)
    here, erased = _without_erased(here, [chat.id for chat in read if chat.is_erased])
    chats = {chat.id: chat for chat in here.chat_tabs.chats}
    unsaved, stored = dict(here.unsaved), dict(here.stored)
    closed, split = [], []
    for theirs in read:
        mine, base = chats.get(theirs.id) or unsaved.get(theirs.id), stored.get(theirs.id)
        if theirs.is_erased:
            continue
        stored[theirs.id] = theirs
        if mine is None:
            if theirs.closed_at is None:
                chats[theirs.id] = theirs
        elif theirs.closed_at is not None and mine.closed_at is None:
            if theirs.id not in unsaved:
                closed.append(chats.pop(theirs.id))
        else:
            merged = merge(base, mine, theirs)
            if theirs.id in chats:
                chats[theirs.id] = merged.chat
            if theirs.id in unsaved:
                unsaved[theirs.id] = merged.chat
            if merged.chat.has_state_of(theirs):
                unsaved.pop(theirs.id, None)
            if merged.left_out is not None:
                other = apart(merged.left_out, chats.values())
                chats[other.id] = unsaved[other.id] = other
                split.append(merged.chat)
    tabs, moved = _tabs(here.chat_tabs, chats, {*stored, *unsaved}, spare)
    return Exchanged(ChatsHere(tabs, {**unsaved, **moved}, stored, here.closed), tuple(closed), tuple(split), erased)


def _tabs(
    before: ChatTabs, chats: Mapping[str, Chat], kept_ids: Collection[str], spare: Chat
) -> tuple[ChatTabs, dict[str, Chat]]:
    """Return the tabs of these chats, and those that got another number: two terminals may have given out the same."""
    kept = [chat for chat in chats.values() if chat.is_used or chat.id in kept_ids]
    ordered = sorted(kept or chats.values(), key=lambda chat: (chat.position, chat.opened_at, chat.id))
    if not ordered:
        return ChatTabs((spare,)), {}
    placed = numbered(ordered)
    moved = {chat.id: chat for chat in placed if chat.position != chats[chat.id].position}
    if any(chat.id == before.current.id for chat in placed):
        return ChatTabs(placed).select(before.current.id), moved
    if before.current.id in chats:  # an empty chat that was never stored
        return restored_tabs(placed), moved
    return ChatTabs(placed, min(before.at, len(placed) - 1)), moved


def _without_erased(here: ChatsHere, ids: Iterable[str]) -> tuple[ChatsHere, int]:
    """Return the chats without the erased ones, and without what else names their customers and is stored nowhere."""
    gone = set(ids)
    if not gone:
        return here, 0
    everything = (*here.chat_tabs.chats, *here.unsaved.values(), *here.stored.values(), *here.closed)
    subjects = subjects_of(chat for chat in everything if chat.id in gone)

    def redacted(chat: Chat) -> Chat | None:
        return None if chat.id in gone else after_erasure(chat, subjects, is_stored=chat.id in here.stored)

    chats = tuple(chat for before in here.chat_tabs.chats if (chat := redacted(before)) is not None)
    erased = len(here.chat_tabs.chats) - len(chats)
    unsaved = {id: chat for id, before in here.unsaved.items() if (chat := redacted(before)) is not None}  # noqa: A001
    closed = tuple(chat for before in here.closed if (chat := redacted(before)) is not None)
    stored = {id: chat for id, chat in here.stored.items() if id not in gone}  # noqa: A001
    return ChatsHere(replace(here.chat_tabs, chats=chats), unsaved, stored, closed), erased
