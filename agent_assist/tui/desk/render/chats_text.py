"""The strip of chats on top: number, customer, how long they have waited, marks."""

import datetime as dt
from collections.abc import Iterable, Mapping

import msgspec
from textual.content import Content

from agent_assist.chats import Chat
from agent_assist.locale import _
from agent_assist.tui.desk.chat_tabs import ChatTabs, waits_long
from agent_assist.tui.text.content import fit
from agent_assist.tui.text.labels import short_span
from agent_assist.tui.text.line import cut, line

LONGEST_NAME = 16
"""Cells. Longer names are cut on the strip; the reply always has the whole name."""


class Strip(msgspec.Struct, frozen=True):
    """The line and where each chat stands on it, as (first cell, last cell, place); place -1 opens a new chat."""

    text: Content
    places: tuple[tuple[int, int, int], ...]

    def at(self, cell: int) -> int | None:
        """Return the chat under this cell, -1 for “new”, None for nothing."""
        return next((place for first, last, place in self.places if first <= cell < last), None)


def strip(
    chat_tabs: ChatTabs, now: dt.datetime, cells: int, *, short: bool = False, news: Mapping[str, str] | None = None
) -> Strip:
    """Return all chats when they fit, else as many as fit around the current one.

    `short` leaves out all names but the current one; `news` are further marks by chat id.
    """
    marks_by_chat = news or {}
    texts = [
        _one(chat, place, chat_tabs, now, marks_by_chat.get(chat.id, ""), short=short)
        for place, chat in enumerate(chat_tabs.chats)
    ]
    first, last = chat_tabs.at, chat_tabs.at + 1
    room = cells - 6
    used = texts[chat_tabs.at].cell_length
    while (grow := _next(texts, first, last)) is not None and used + texts[grow].cell_length + 1 <= room:
        used += texts[grow].cell_length + 1
        first, last = min(first, grow), max(last, grow + 1)
    parts: list[Content] = [line(("‹", ".dim"))] if first else []
    places: list[tuple[int, int, int]] = []
    at = sum(part.cell_length for part in parts)
    for place in range(first, last):
        text = cut(texts[place], cells - at)
        places.append((at, at + text.cell_length, place))
        parts += [text, line(" ")]
        at += text.cell_length + 1
    if last < len(texts):
        parts.append(line(("›", ".dim")))
        at += 1
    parts.append(line((" +", ".key")))
    places.append((at, at + 2, -1))
    return Strip(cut(line(*parts), cells), tuple(places))


def _next(texts: list[Content], first: int, last: int) -> int | None:
    """Return the next chat to take in: to the right, then to the left."""
    if last < len(texts):
        return last
    return first - 1 if first else None


def _one(chat: Chat, place: int, chat_tabs: ChatTabs, now: dt.datetime, news: str, *, short: bool) -> Content:
    is_current = place == chat_tabs.at
    name = "" if short and not is_current else fit(chat_name(chat, chat_tabs.chats), LONGEST_NAME)
    words = [part for part in (str(chat.position + 1), name) if part]
    waited = "" if chat.waiting_since is None else short_span(now - chat.waiting_since)
    if waited and not (short and not is_current):
        words.append(waited)
    is_drafted = chat.edited or chat.values or chat.offer_draft
    marks = ("✎" if is_drafted else "") + ("!" if waits_long(chat, now) else "") + news
    opening, closing = ("▸", "◂") if is_current else (" ", " ")
    text = f"{opening}{' '.join(words)}"
    style = ".current" if is_current else ""
    marked = (f" {marks}" if marks else "", f"{style}" if is_current else ".warn")
    return line((text, style), marked, (closing, style))


def chat_name(chat: Chat, among: Iterable[Chat] = ()) -> str:
    """Return whom the chat is with, for people; never empty.

    Of several customers of one name each is named with what differs.
    """
    name = chat.customer.name
    others = [other.customer for other in among if other.id != chat.id and name and other.customer.name == name]
    if not others:
        return name or _("(no name)")
    order = chat.customer.order
    if order and all(other.order != order for other in others):
        return _("{name} ({order})", name=name, order=order)
    return _("{name} (chat {number})", name=name, number=chat.position + 1)
