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
    """A form: subclasses give `fields`, and dismiss with a result in `submit`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(ACCEPT_KEYS, "accept", show=False),
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
    ]
    AUTO_FOCUS = ""
    enter_records = False
    """Whether accepting writes something that cannot be undone: then an Enter among characters does not accept."""

    def __init__(self, *, typed: Mapping[str, str] | None = None, problem: str = "") -> None:
        """`typed` are the answers of an earlier attempt that failed, and `problem` says why it failed."""
        super().__init__()
        self.typed = dict(typed or {})
        self._problem = problem
        self._reminded_of = ""

    @property
    def line_ends(self) -> LineEnds:
        """Let Enter go to the next field, also among characters that arrive at once; where it would stay it is text."""
        here = next((field for field in self.shown_fields if field.has_focus_within), None)
        return "never" if here is None or (here.goes_on and here is not self.shown_fields[-1]) else "between"

    def fields(self) -> Iterable[Widget]:
        """Yield the questions in order, and what stands between them."""
        raise NotImplementedError

    def submit(self, answers: Mapping[str, str]) -> None:
        """Dismiss with the result, or show an error; `answers` are the parsed values of the shown fields by name."""
        raise NotImplementedError

    @property
    def accept_label(self) -> str:
        """Return the label of the button that accepts."""
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
        self.show_relevant_fields()
        if self.shown_fields:
            self.first_field().focus_answer()
        else:
            self.query_one(ChoiceButton).focus()

    def show_relevant_fields(self) -> None:
        """Show and hide fields that depend on answers; called before the first field gets the cursor."""

    def first_field(self) -> FormField:
        """Return where the cursor starts: the first empty field, else the first of all."""
        shown_fields = self.shown_fields
        return next((field for field in shown_fields if not field.text), shown_fields[0])

    @property
    def shown_fields(self) -> list[FormField]:
        """Return the fields that are shown, in order."""
        return [field for field in self.query(FormField) if is_shown(field)]

    @property
    def all_fields(self) -> list[FormField]:
        """Return every field in order, shown or not."""
        return [*self.query(FormField)]

    def field(self, name: str) -> FormField:
        """Return the field of this name."""
        return next(field for field in self.all_fields if field.name == name)

    @property
    def is_changed(self) -> bool:
        """Return whether leaving would lose something that was typed."""
        return bool(self.typed) or any(field.is_changed for field in self.all_fields)

    def focus_field(self, field: FormField) -> None:
        """Put the cursor into a field."""
        field.focus_answer()

    @on(FormField.Done)
    def _go_on(self, event: FormField.Done) -> None:
        event.stop()
        if event.by:
            self._move(event.field, event.by)
        elif not event.field.find_error():
            if event.field is self.shown_fields[-1]:
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
        here = next((field for field in self.shown_fields if field.has_focus_within), None)
        if here is not None:
            self._move(here, by)
        elif by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def _move(self, field: FormField, by: int) -> None:
        shown_fields = self.shown_fields
        there = shown_fields.index(field) + by
        if there in range(len(shown_fields)):
            shown_fields[there].focus_answer()

    def action_accept(self) -> None:
        """Submit the answers, or move the cursor to the first field with an error."""
        fields_with_errors = [field for field in self.shown_fields if field.find_error()]
        if fields_with_errors:
            self.focus_field(fields_with_errors[0])
        elif not self._is_only_highlighted():
            self.submit({str(field.name): field.parse(field.text).value for field in self.shown_fields})

    def _is_only_highlighted(self) -> bool:
        """Return whether an option is highlighted but not chosen, and say so; once, then the chosen answer is taken."""
        control = self.focused
        label = control.highlighted if isinstance(control, RadioRow) else ""
        field = next((field for field in self.shown_fields if field.has_focus_within), None)
        if not label or field is None or label == self._reminded_of:
            return False
        self._reminded_of = label
        field.show_error(
            _("▸ {option} is not chosen yet: Space chooses it. ^S again leaves it as it is.", option=label)
        )
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
    """Return whether the field and everything around it is displayed."""
    return all(node.display for node in field.ancestors_with_self if isinstance(node, Widget))
