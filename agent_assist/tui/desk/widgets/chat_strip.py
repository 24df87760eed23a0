"""The line of chats on top; a click goes to a chat or opens another."""

from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message

from agent_assist.locale import _
from agent_assist.tui.desk.render.books_text import books_mark
from agent_assist.tui.desk.render.chats_text import Strip, strip
from agent_assist.tui.desk.render.page_text import page_mark
from agent_assist.tui.desk.state import DeskState
from agent_assist.tui.text.line import Part, ends, joined
from agent_assist.tui.widgets.lines import Lines


class ChatStrip(Lines):
    """Chats on the left; on the right who is at the desk, or what is wrong with it."""

    @dataclass
    class Picked(Message):
        """The chat at `place` was clicked; -1 asks for another chat."""

        place: int

    _shown: Strip | None = None

    def __init__(self, state: DeskState, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._state = state

    def draw(self) -> None:
        """Show the chats, how long their customers have waited, and the state of the desk."""
        cells = self.size.width
        if not cells:
            return
        state, now, right = self._state, self._state.services.clock(), _desk_status(self._state)
        room = cells - right.cell_length - 2 if cells >= 60 else cells
        self._shown = strip(state.chat_tabs, now, room, short=cells < 60, news=state.news)
        self.show([ends(self._shown.text, right, cells) if cells >= 60 else self._shown.text])

    def on_click(self, event: events.Click) -> None:
        place = self._shown.at(event.x) if self._shown else None
        if place is not None:
            self.post_message(self.Picked(place))


def _desk_status(state: DeskState) -> Content:
    """Return who is at the desk, or what is wrong with it: database, phrasebooks, replies without a record."""
    settings = state.services.settings
    parts: list[Part] = []
    if state.unrecorded:
        parts.append((_("! not on record yet: {count}", count=len(state.unrecorded)), ".danger"))
    if mark := books_mark(state.library, is_wide=state.layout == "wide"):
        parts.append((mark, ".danger"))
    if state.status_page.error:
        parts.append((page_mark(state.status_page.read_at, state.services.clock()), ".warn"))
    if state.store_error:
        return joined([*parts, (_("! database not reachable"), ".danger")])
    return joined([*parts, (_("demo") if settings.demo else "", ".accent"), (settings.agent, ".dim")])
