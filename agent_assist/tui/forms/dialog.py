"""The base of all dialogs: a framed box that asks and answers with a value; the caller acts on it.

Escape always goes back. The box is never higher than the screen: its middle scrolls, its buttons stay in sight.
"""

from collections.abc import Iterable
from typing import ClassVar, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Button

from agent_assist.tui.ends_once import EndsOnce
from agent_assist.tui.ordered_input import LineEnds
from agent_assist.tui.text.content import content

Result = TypeVar("Result")

TWO_COLUMNS_WIDTH = 110
"""Columns from which forms may use two columns."""

ACCEPT_KEYS = "ctrl+s,ctrl+enter"
"""Accept from anywhere. Without priority, which would let them overtake letters typed just before them."""


class Body(VerticalScroll, can_focus=False, inherit_bindings=False):
    """The scrolling middle. It handles no keys: arrows belong to the fields in it, Page Up and Down to the dialog."""


class Dialog(ModalScreen[Result], EndsOnce[Result], Generic[Result]):
    """A modal question. Subclasses define `heading`, `body` and `buttons`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
    ]

    ROWS_AROUND_BODY = 3
    """Frame above and below, and the row of buttons."""

    @property
    def line_ends(self) -> LineEnds:
        """What Enter is among characters that arrive at once; see `ordered_input`."""
        return "always"

    @property
    def heading(self) -> str:
        """Return what the dialog is about, for its frame."""
        raise NotImplementedError

    def body(self) -> Iterable[Widget]:
        """Yield what is asked or shown."""
        raise NotImplementedError

    def below_body(self) -> Iterable[Widget]:
        """Yield what stays in sight below the middle."""
        return ()

    def buttons(self) -> Iterable[Widget]:
        """Yield the row of buttons, left to right."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        self._fit_width(self.app.size.width)
        with Vertical(classes="dialog-frame") as frame:
            frame.border_title = content(self.heading)
            body = Body(*self.body(), classes="dialog-body")
            body.styles.max_height = self._rows(self.app.size.height)
            yield body
            yield from self.below_body()
            yield Horizontal(*self.buttons(), classes="dialog-buttons")

    def on_resize(self, event: events.Resize) -> None:
        self._fit_width(event.size.width)
        self.query_one(Body).styles.max_height = self._rows(event.size.height)
        if self.focused is not None:
            self.call_after_refresh(self.focused.scroll_visible, animate=False)

    def _rows(self, height: int) -> int:
        """Return how many rows are left for the middle."""
        return max(1, height - self.ROWS_AROUND_BODY)

    def _fit_width(self, width: int) -> None:
        """Set the class for this width. Not Textual's breakpoints: they style every dialog twice when it opens."""
        name = "-narrow" if width < 70 else "-wide" if width >= TWO_COLUMNS_WIDTH else "-medium"
        if not self.has_class(name):
            self.remove_class("-narrow", "-medium", "-wide").add_class(name)

    def action_page(self, by: int) -> None:
        """Scroll the middle by one page."""
        body = self.query_one(Body)
        body.scroll_relative(y=by * max(1, body.size.height - 1), animate=False)

    def action_back(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


class ChoiceButton(Button):
    """A button of one row that runs the action it is named after; an arrow marks it while it has the focus."""

    def __init__(self, label: str, action: str, *, primary: bool = False) -> None:
        super().__init__(name=action, variant="primary" if primary else "default", compact=True)
        self.text = label
        self._mark(" ")

    def watch_has_focus(self, has_focus: bool) -> None:
        super().watch_has_focus(has_focus)
        self._mark("▸" if has_focus else " ")  # `on_focus` comes before the focus is set

    def _mark(self, mark: str) -> None:
        self.label = content(f"{mark}{self.text} ")


class ButtonActions(Dialog[Result]):
    """A dialog whose buttons run the actions they are named after."""

    @on(Button.Pressed)
    async def _run(self, event: Button.Pressed) -> None:
        event.stop()
        await self.run_action(event.button.name or "back")
