"""The smallest program that can show a dialog: it keeps what the dialog answered."""

from pathlib import Path
from typing import Any, ClassVar

from textual.app import App
from textual.screen import Screen
from textual.widgets import Static

NOTHING = object()
"""Stands for "not answered yet", since None is an answer."""

TUI = Path(__file__).parents[3] / "agent_assist" / "tui"


class Host(App[None]):
    """Shows one dialog; `answer` is what came back."""

    CSS_PATH: ClassVar = [TUI / "dialogs.tcss"]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, dialog: Screen[Any]) -> None:
        super().__init__()
        self.dialog = dialog
        self.answer: Any = NOTHING

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self._answered)

    def _answered(self, answer: Any) -> None:
        self.answer = answer

    def compose(self):
        yield Static("desk")

    @property
    def seen(self) -> str:
        """The characters on the terminal now, line by line."""
        size = self.size
        strips = self.screen._compositor.render_strips(size)
        return "\n".join(strip.text for strip in strips)
