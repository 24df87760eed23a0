"""Changing a text by hand: Enter makes a new line, Ctrl+S accepts, Escape goes back and asks when something changed."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static, TextArea

from agent_assist.cleaning import clean
from agent_assist.locale import _
from agent_assist.tui.forms.confirm import ConfirmScreen
from agent_assist.tui.forms.dialog import ACCEPT_KEYS, ButtonActions, ChoiceButton
from agent_assist.tui.forms.text_area import CjkTextArea
from agent_assist.tui.text.content import content


class EditScreen(ButtonActions[str | None]):
    """Answers with the changed text, or None when it stays as it was. `keep` hears the text at every change."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding(ACCEPT_KEYS, "accept", show=False)]

    def __init__(self, text: str, title: str, *, keep: Callable[[str], None] | None = None) -> None:
        super().__init__()
        self.text = clean(text)
        self.heading_text = title
        self.keep = keep

    @property
    def heading(self) -> str:
        return self.heading_text

    def body(self) -> Iterable[Widget]:
        yield CjkTextArea(self.text, soft_wrap=True, compact=True, highlight_cursor_line=False)

    def buttons(self) -> Iterable[Widget]:
        yield ChoiceButton(_("Use this text ^S"), "accept", primary=True)
        yield ChoiceButton(_("Back Esc"), "back")
        yield Static("", classes="dialog-hint")

    def on_mount(self) -> None:
        sheet = self.query_one(CjkTextArea)
        sheet.move_cursor(sheet.document.end)
        sheet.focus()
        self._count()

    @on(TextArea.Changed)
    def _typed(self) -> None:
        self._count()
        if self.keep is not None:
            self.keep(self.query_one(CjkTextArea).text)

    def _count(self) -> None:
        text = self.query_one(CjkTextArea).text
        self.query_one(".dialog-hint", Static).update(
            content(_("{count} characters · Tab leaves the text", count=len(text)))
        )

    def action_accept(self) -> None:
        text = self.query_one(CjkTextArea).text
        self.dismiss(text if text != self.text else None)

    def action_back(self) -> None:
        if self.query_one(CjkTextArea).text == self.text:
            self.dismiss(None)
            return
        self.app.push_screen(
            ConfirmScreen(
                _("Leave without your changes?"),
                _("The text goes back to what it was."),
                _("Drop changes"),
                _("Keep editing"),
            ),
            self._leave,
        )

    def _leave(self, sure: bool | None) -> None:
        if sure:
            if self.keep is not None:
                self.keep(self.text)
            self.dismiss(None)
