"""The footer: what works now, with its key; a click does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textual import events
from textual.message import Message

from agent_assist.tui.command import Action
from agent_assist.tui.text.footer import FooterLine, footer_line
from agent_assist.tui.widgets.lines import Lines


class FootLine(Lines):
    """One line of actions."""

    @dataclass
    class Picked(Message):
        """An action was clicked."""

        action_id: str

    _actions: Sequence[Action[Any]] = ()
    _shown: FooterLine | None = None

    def show_actions(self, actions: Sequence[Action[Any]]) -> None:
        """Show as many of these as fit."""
        self._actions = actions
        self.draw()

    def draw(self) -> None:
        self._shown = footer_line(self._actions, self.size.width)
        self.show([self._shown.text])

    def on_click(self, event: events.Click) -> None:
        action_id = self._shown.at(event.x) if self._shown else ""
        if action_id:
            self.post_message(self.Picked(action_id))
