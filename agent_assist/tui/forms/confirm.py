"""A yes-or-no question whose safe answer is no: Enter and Escape answer no unless the focus is moved first."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Button

from agent_assist.tui.forms.dialog import ButtonActions, ChoiceButton
from agent_assist.tui.forms.paragraph import Paragraph


class ConfirmScreen(ButtonActions[bool]):
    """Answers True only for the yes button. No letter key answers: somebody may be in the middle of typing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,up", "app.focus_previous", show=False),
        Binding("right,down", "app.focus_next", show=False),
    ]

    def __init__(self, question: str, detail: str, yes_label: str, no_label: str, *, yes_first: bool = False) -> None:
        """`yes_first` where yes is the safe answer: then Enter answers yes."""
        super().__init__()
        self.yes_first = yes_first
        self.question = question
        self.detail = detail
        self.yes_label = yes_label
        self.no_label = no_label

    @property
    def heading(self) -> str:
        return self.question

    def body(self) -> Iterable[Widget]:
        yield Paragraph(self.detail, classes="dialog-text")

    def buttons(self) -> Iterable[Widget]:
        yes = ChoiceButton(self.yes_label, "yes", primary=self.yes_first)
        no = ChoiceButton(self.no_label, "back", primary=not self.yes_first)
        yield from (yes, no) if self.yes_first else (no, yes)

    def on_mount(self) -> None:
        next(button for button in self.query(Button) if button.name == ("yes" if self.yes_first else "back")).focus()

    def action_yes(self) -> None:
        self.dismiss(True)

    def action_back(self) -> None:
        self.dismiss(False)
