"""The line of chats on top; a click goes to a chat or opens another."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message

from agent_assist.tui.desk.chat_tabs import ChatTabs
from agent_assist.tui.desk.render.chats_text import Strip, strip
from agent_assist.tui.text.line import ends
from agent_assist.tui.widgets.lines import Lines


class ChatStrip(Lines):
    """Chats on the left; on the right who is at the desk, or what is wrong with it."""

    @dataclass
    class Picked(Message):
        """The chat at `place` was clicked; -1 asks for another chat."""

        place: int

    _given: tuple[ChatTabs, dt.datetime, Content, Mapping[str, str]] | None = None
    _shown: Strip | None = None

    def show_chats(
        self, chat_tabs: ChatTabs, now: dt.datetime, right: Content, news: Mapping[str, str] | None = None
    ) -> None:
        """Show these chats; `news` are marks by chat id."""
        self._given = (chat_tabs, now, right, dict(news or {}))
        self.draw()

    def draw(self) -> None:
        if self._given is None or not self.size.width:
            return
        chat_tabs, now, right, news = self._given
        cells = self.size.width
        room = cells - right.cell_length - 2 if cells >= 60 else cells
        self._shown = strip(chat_tabs, now, room, short=cells < 60, news=news)
        self.show([ends(self._shown.text, right, cells) if cells >= 60 else self._shown.text])

    def on_click(self, event: events.Click) -> None:
        place = self._shown.at(event.x) if self._shown else None
        if place is not None:
            self.post_message(self.Picked(place))
