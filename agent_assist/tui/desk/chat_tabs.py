"""The chats on the desk as one value: always at least one, exactly one of them current.

A chat's number is its `position` + 1: it stays with the customer while others come and go, also over a restart.
"""

import datetime as dt

import msgspec
from msgspec.structs import replace

from agent_assist.chats import Chat, free_position, numbered

LONG_WAIT = dt.timedelta(minutes=10)
"""After this a customer stands out on the strip."""


class ChatTabs(msgspec.Struct, frozen=True):
    """Open chats in their order on the screen; `at` is the place of the current one."""

    chats: tuple[Chat, ...]
    at: int = 0

    @property
    def current(self) -> Chat:
        """The chat whose reply is on the screen."""
        return self.chats[self.at]

    def get(self, chat_id: str) -> Chat | None:
        """Return the open chat with this id; None when it was closed."""
        return next((chat for chat in self.chats if chat.id == chat_id), None)

    def with_chat(self, chat: Chat) -> "ChatTabs":
        """Return the tabs with this version of a chat; a closed chat stays closed."""
        return replace(self, chats=tuple(chat if old.id == chat.id else old for old in self.chats))

    def with_new_chat(self, chat: Chat) -> "ChatTabs":
        """Return the tabs with one more chat, which becomes the current one and gets the lowest free number."""
        return self._with(replace(chat, position=free_position([old.position for old in self.chats])))

    def with_reopened(self, chat: Chat) -> "ChatTabs":
        """Return the tabs with a closed chat again, under its number when that is free."""
        is_taken = any(old.position == chat.position for old in self.chats)
        return self.with_new_chat(chat) if is_taken else self._with(chat)

    def _with(self, chat: Chat) -> "ChatTabs":
        chats = sorted((*self.chats, chat), key=lambda one: one.position)
        return ChatTabs(tuple(chats), chats.index(chat))

    def without(self, chat_id: str, spare: Chat) -> "ChatTabs":
        """Return the tabs without this chat; the next one becomes current, or `spare` when it was the last."""
        left = tuple(chat for chat in self.chats if chat.id != chat_id)
        if not left:
            return ChatTabs((spare,))
        before = [chat.id for chat in self.chats[: self.at]]
        return ChatTabs(left, min(len([1 for key in before if key != chat_id]), len(left) - 1))

    def select_at(self, at: int) -> "ChatTabs":
        """Return the tabs with the chat at this place as the current one; places outside are ignored."""
        return replace(self, at=at) if 0 <= at < len(self.chats) else self

    def numbered(self, number: int) -> Chat | None:
        """Return the chat with this number; None without one."""
        return next((chat for chat in self.chats if chat.position + 1 == number), None)

    def select(self, chat_id: str) -> "ChatTabs":
        """Return the tabs with this chat as the current one, if it is open."""
        return next((replace(self, at=at) for at, chat in enumerate(self.chats) if chat.id == chat_id), self)

    def step(self, by: int) -> "ChatTabs":
        """Return the tabs with the next (1) or previous (-1) chat as the current one, cyclically."""
        return replace(self, at=(self.at + by) % len(self.chats))


def restored_tabs(chats: tuple[Chat, ...]) -> ChatTabs:
    """Return stored chats as they were left: the one that was looked at last is the current one."""
    never = dt.datetime.min.replace(tzinfo=dt.UTC)
    return ChatTabs(numbered(chats)).select(max(chats, key=lambda chat: chat.shown_at or never).id)


def waits_long(chat: Chat, now: dt.datetime) -> bool:
    """Whether this customer has waited so long for an answer that the agent should look."""
    return chat.waiting_since is not None and now - chat.waiting_since >= LONG_WAIT
