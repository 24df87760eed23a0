"""Screens that ignore what comes too late: sizes the terminal no longer has, reports after their answer."""

from typing import TypeVar

from textual import events
from textual.message import Message
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

Result = TypeVar("Result")


class IgnoresStaleResizes(Screen[Result]):
    """A screen that passes over a size which the terminal has no more, and is not painted whole when the focus moves.

    A layout tells its screen the size it was made for, and the screen then lays itself out for that; of two sizes on
    their way at once each would call for the other for ever.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """What shows the focus paints itself; Textual paints everything again, and what lies under a dialog with it."""

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Resize) or event.size == self.app.size:
            await super().on_event(event)


class IgnoresLateMessages(IgnoresStaleResizes[Result]):
    """Once it `is_over`, what its widgets and workers still report is nobody's business any more."""

    is_over = False

    async def _on_message(self, message: Message) -> None:
        # Events and Textual's own messages are its housekeeping; all others are reports.
        if not self.is_over or isinstance(message, events.Event) or type(message).__module__ == "textual.messages":
            await super()._on_message(message)
