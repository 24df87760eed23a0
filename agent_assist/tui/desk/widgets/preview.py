"""The reply as it would be copied, scrollable while the search box keeps the focus."""

from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.message import Message

from agent_assist.tui.desk.render.reply_text import position, text_lines
from agent_assist.tui.text.paragraphs import paragraphs
from agent_assist.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from agent_assist.services import Reply


class Preview(Lines):
    """One reply, or what to say when there is none."""

    class Scrolled(Message):
        """Another part of the text is in sight."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._reply: Reply | None = None
        self._texts: list[str] = []
        self._all: list[Content] = []
        self._top = 0

    def show_reply(self, reply: "Reply | None", instead: list[str]) -> None:
        """Show this reply from its start; without one, what is said `instead`."""
        same = reply is not None and self._reply is not None and reply.text == self._reply.text
        self._reply, self._texts = reply, instead
        if not same:
            self._top = 0
        self.draw()

    @property
    def place(self) -> Content:
        """Which part of a long text is in sight."""
        return position(self._top, self.size.height, len(self._all))

    def scroll_lines(self, by: int) -> None:
        """Move the text by so many lines."""
        self._top = max(0, min(self._top + by, len(self._all) - self.size.height))
        self._cut_out()
        self.post_message(self.Scrolled())

    def draw(self) -> None:
        cells = self.size.width
        if cells:
            self._all = text_lines(self._reply, cells) if self._reply else paragraphs(self._texts, cells)
        self._cut_out()

    def _cut_out(self) -> None:
        self._top = max(0, min(self._top, len(self._all) - self.size.height))
        self.show(self._all[self._top : self._top + self.size.height])

    def on_resize(self) -> None:
        super().on_resize()
        self.post_message(self.Scrolled())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        event.stop()
        self.scroll_lines(2)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        event.stop()
        self.scroll_lines(-2)
