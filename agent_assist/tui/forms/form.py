"""A dialog made of fields: Enter goes to the next and accepts on the last; nothing is accepted while a field is wrong.

Also Tab, Shift+Tab and the arrow keys move; Ctrl+S accepts from anywhere, as the button does.
"""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from agent_assist.locale import _
from agent_assist.tui.forms.choice import RadioRow
from agent_assist.tui.forms.confirm import ConfirmScreen
from agent_assist.tui.forms.dialog import ACCEPT_KEYS, ButtonActions, ChoiceButton, Result
from agent_assist.tui.forms.field import FormField
from agent_assist.tui.forms.paragraph import Paragraph
from agent_assist.tui.ordered_input import LineEnds, is_in_text, is_pasting, notify_line_ends_held


class FormScreen(ButtonActions[Result]):
    """Subclasses give `fields` and turn the answers into a result in `answered`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(ACCEPT_KEYS, "accept", show=False),
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
    ]
    AUTO_FOCUS = ""
    enter_records = False
    """Whether accepting writes what cannot be taken back: then Enter among characters does not accept."""

    def __init__(self, *, typed: Mapping[str, str] | None = None, problem: str = "") -> None:
        """`typed` are answers of an earlier try that did not get through, and `problem` says why."""
        super().__init__()
        self.typed = dict(typed or {})
        self._problem = problem
        self._said_of = ""

    @property
    def line_ends(self) -> LineEnds:
        """Enter goes to the next field, also among characters that arrive at once; where it would stay it is text."""
        here = next((field for field in self.asked if field.has_focus_within), None)
        return "never" if here is None or (here.goes_on and here is not self.asked[-1]) else "between"

    def fields(self) -> Iterable[Widget]:
        """The questions in order, and what stands between them."""
        raise NotImplementedError

    def answered(self, answers: Mapping[str, str]) -> None:
        """All shown fields hold; `answers` are their values by name. Dismisses with the result, or complains."""
        raise NotImplementedError

    @property
    def accept_label(self) -> str:
        """What accepting is called here."""
        return _("Save")

    def body(self) -> Iterable[Widget]:
        if self._problem:
            yield Paragraph(f"✗ {self._problem}", classes="dialog-problem")
        yield from self.fields()

    def buttons(self) -> Iterable[Widget]:
        yield ChoiceButton(_("{label} ^S", label=self.accept_label), "accept", primary=True)
        yield ChoiceButton(_("Back Esc"), "back")
        yield Static(_("Enter: next"), classes="dialog-hint")

    def on_mount(self) -> None:
        self.settle()
        if self.asked:
            self.first_field().focus_answer()
        else:
            self.query_one(ChoiceButton).focus()

    def settle(self) -> None:
        """Show and hide what depends on answers; called before the first question gets the cursor."""

    def first_field(self) -> FormField:
        """Where the cursor starts: the first question that has no usable answer yet, else the first of all."""
        asked = self.asked
        return next((field for field in asked if not field.text), asked[0])

    @property
    def asked(self) -> list[FormField]:
        """The fields that are shown, in order."""
        return [field for field in self.query(FormField) if is_shown(field)]

    @property
    def all_fields(self) -> list[FormField]:
        """Every field in order, shown or not."""
        return [*self.query(FormField)]

    def field(self, name: str) -> FormField:
        """The field of this name."""
        return next(field for field in self.all_fields if field.name == name)

    @property
    def is_changed(self) -> bool:
        """Whether leaving would lose something that was typed."""
        return bool(self.typed) or any(field.is_changed for field in self.all_fields)

    def go_to(self, field: FormField) -> None:
        """Put the cursor into a field."""
        field.focus_answer()

    @on(FormField.Done)
    def _go_on(self, event: FormField.Done) -> None:
        event.stop()
        if event.by:
            self._move(event.field, event.by)
        elif not event.field.problem():
            if event.field is self.asked[-1]:
                self._accept_by_enter()
            else:
                self._move(event.field, 1)

    def _accept_by_enter(self) -> None:
        """Accept on the last field, unless the Enter is a line end of a pasted text."""
        if is_pasting(self.app) or (self.enter_records and is_in_text(self.app)):
            notify_line_ends_held(self.app)
        else:
            self.action_accept()

    def action_step(self, by: int) -> None:
        """Move to the field above or below."""
        here = next((field for field in self.asked if field.has_focus_within), None)
        if here is not None:
            self._move(here, by)
        elif by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def _move(self, field: FormField, by: int) -> None:
        asked = self.asked
        there = asked.index(field) + by
        if there in range(len(asked)):
            asked[there].focus_answer()

    def action_accept(self) -> None:
        """Hand over the answers, or go to the first field that is wrong."""
        wrong = [field for field in self.asked if field.problem()]
        if wrong:
            self.go_to(wrong[0])
        elif not self._is_only_pointed_at():
            self.answered({str(field.name): field.read(field.text).value for field in self.asked})

    def _is_only_pointed_at(self) -> bool:
        """Whether an option under the cursor looks like the answer and is not; said once, then the answer stands."""
        pick = self.focused
        label = pick.pointed_at if isinstance(pick, RadioRow) else ""
        field = next((field for field in self.asked if field.has_focus_within), None)
        if not label or field is None or label == self._said_of:
            return False
        self._said_of = label
        field.complain(_("▸ {option} is not chosen yet: Space chooses it. ^S again leaves it as it is.", option=label))
        return True

    def action_back(self) -> None:
        """Leave; asks first when something was typed."""
        if not self.is_changed:
            self.dismiss(None)
            return
        self.app.push_screen(
            ConfirmScreen(
                _("Leave without saving?"), _("What you typed here would be lost."), _("Leave"), _("Keep typing")
            ),
            self._leave,
        )

    def _leave(self, sure: bool | None) -> None:
        if sure:
            self.dismiss(None)


def is_shown(field: FormField) -> bool:
    """Whether the field and everything around it is displayed."""
    return all(node.display for node in field.ancestors_with_self if isinstance(node, Widget))
