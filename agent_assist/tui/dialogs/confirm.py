"""A yes-or-no question whose safe answer is no: Enter and Escape both take it unless the person moves first."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Button

from agent_assist.tui.dialogs.dialog import ButtonActions, ChoiceButton
from agent_assist.tui.dialogs.prose import Prose


class ConfirmScreen(ButtonActions[bool]):
    """Answers True only for the yes button. No letter key answers: the person may be in the middle of typing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    def __init__(self, question: str, detail: str, yes_label: str, no_label: str) -> None:
        super().__init__()
        self.question = question
        self.detail = detail
        self.yes_label = yes_label
        self.no_label = no_label

    @property
    def heading(self) -> str:
        return self.question

    def body(self) -> Iterable[Widget]:
        yield Prose(self.detail, classes="dialog-text")

    def buttons(self) -> Iterable[Widget]:
        yield ChoiceButton(self.no_label, "back", primary=True)
        yield ChoiceButton(self.yes_label, "yes")

    def on_mount(self) -> None:
        next(button for button in self.query(Button) if button.name == "back").focus()

    def action_yes(self) -> None:
        self.dismiss(True)

    def action_back(self) -> None:
        self.dismiss(False)
