"""Screens that ignore what comes too late: sizes the terminal no longer has, reports after their answer."""

from typing import TypeVar

from textual import events
from textual.message import Message
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widget import Widget

Result = TypeVar("Result")


class IgnoresStaleResizes(Screen[Result]):
    """A screen that ignores sizes which the terminal no longer has, and is not repainted when the focus moves.

    A layout tells its screen the size it was made for, and the screen then lays itself out for that: two sizes in the
    queue at once would each ask for the other without end.
    """

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """A widget shows its focus itself; Textual repaints everything, also the screen below a dialog."""

    async def on_event(self, event: events.Event) -> None:
        if not isinstance(event, events.Resize) or event.size == self.app.size:
            await super().on_event(event)


class IgnoresLateMessages(IgnoresStaleResizes[Result]):
    """A screen that, once it `is_over`, ignores what its widgets and workers still report."""

    is_over = False

    async def _on_message(self, message: Message) -> None:
        # Events and Textual's own messages are its housekeeping; all others are reports.
        if not self.is_over or isinstance(message, events.Event) or type(message).__module__ == "textual.messages":
            await super()._on_message(message)
