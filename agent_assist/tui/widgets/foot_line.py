"""The footer: what works now, with its key; a click does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual import events
from textual.content import Content
from textual.message import Message

from agent_assist.tui.command import Action
from agent_assist.tui.text.footer import FooterLine, footer_line
from agent_assist.tui.text.line import cut, ends
from agent_assist.tui.widgets.lines import Lines

NO_ALERT = Content("")


class FootLine(Lines):
    """One line of actions."""

    @dataclass
    class Picked(Message):
        """An action was clicked."""

        action_id: str

    _actions: Sequence[Action[Any]] = ()
    _shown: FooterLine | None = None
    _alert = NO_ALERT

    def show_actions(self, actions: Sequence[Action[Any]], alert: Content = NO_ALERT) -> None:
        """Show as many of these as fit beside the alert, which stands at the end."""
        self._actions = actions
        self._alert = alert
        self.draw()

    def draw(self) -> None:
        cells = self.size.width
        alert = cut(self._alert, cells // 2)
        self._shown = footer_line(self._actions, cells - alert.cell_length - 1 if alert else cells)
        self.show([ends(self._shown.text, alert, cells) if alert else self._shown.text])

    def on_click(self, event: events.Click) -> None:
        action_id = self._shown.at(event.x) if self._shown else ""
        if action_id:
            self.post_message(self.Picked(action_id))
