"""A dialog with text only: arrows, Page Up and Page Down scroll it, Escape or Enter closes it."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Button, Static

from agent_assist.locale import _
from agent_assist.tui.forms.dialog import Body, ButtonActions, ChoiceButton


class ReadingScreen(ButtonActions[None]):
    """A text to read. Subclasses define `heading` and `body`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll(-1)", show=False),
        Binding("down", "scroll(1)", show=False),
        Binding("space", "page(1)", show=False),
        Binding("home", "edge(-1)", show=False),
        Binding("end", "edge(1)", show=False),
    ]

    def body(self) -> Iterable[Widget]:
        raise NotImplementedError

    def buttons(self) -> Iterable[Widget]:
        yield ChoiceButton(_("Close Esc"), "back", primary=True)
        yield Static("↑ ↓ PgUp PgDn", classes="dialog-hint")

    def on_mount(self) -> None:
        self.query_one(Button).focus()

    def action_scroll(self, by: int) -> None:
        self.query_one(Body).scroll_relative(y=by, animate=False)

    def action_edge(self, by: int) -> None:
        body = self.query_one(Body)
        body.scroll_to(y=0 if by < 0 else body.max_scroll_y, animate=False)
