"""A text for copying by hand, when no clipboard took it: nothing next to it that a mouse selection would include.

The text starts in the first column and has no frame and no scrollbar, so Shift and drag selects the text and only it.
"""

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from agent_assist.locale import _
from agent_assist.tui.forms.dialog import ChoiceButton
from agent_assist.tui.forms.paragraph import Paragraph
from agent_assist.tui.text.content import content


class ManualCopyText(VerticalScroll, can_focus=True):
    """The text itself; the arrow keys scroll it."""


class ManualCopyScreen(ModalScreen[None]):
    """Shows `text` whole and says `why` it is shown; answers with None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter", "back", show=False)]
    AUTO_FOCUS = "ManualCopyText"

    def __init__(self, text: str, why: str) -> None:
        super().__init__()
        self.text = text
        self.why = why

    def compose(self) -> ComposeResult:
        yield Paragraph(self.why, classes="shown-why")
        yield Paragraph(_("Hold Shift (macOS: Option) and select it with the mouse."), classes="shown-how")
        with ManualCopyText():
            yield Paragraph(self.text)
        with Horizontal(classes="dialog-buttons"):
            yield ChoiceButton(_("Close Esc"), "back", primary=True)
            yield Static("", classes="dialog-hint")

    def on_mount(self) -> None:
        self.watch(self.query_one(ManualCopyText), "scroll_y", self._show_position)

    def on_resize(self, _event: events.Resize) -> None:
        self.call_after_refresh(self._show_position)

    def _show_position(self) -> None:
        pane = self.query_one(ManualCopyText)
        lines = pane.virtual_size.height
        first, last = round(pane.scroll_y) + 1, min(lines, round(pane.scroll_y) + pane.size.height)
        hint = ""
        if lines > pane.size.height:
            hint = _("Lines {first}–{last} of {lines} · ↑ ↓ PgUp PgDn", first=first, last=last, lines=lines)
        self.query_one(".dialog-hint", Static).update(content(hint))

    @on(Button.Pressed)
    def action_back(self) -> None:
        self.dismiss(None)
