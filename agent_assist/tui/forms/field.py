"""One question of a form: label, control, and a note below it with how the answer was understood or why it is refused.

`parse` turns what was typed into a `ParsedAnswer` or raises Refused. While somebody types, only the hint of a refusal
is shown; the error itself appears when the field is left or the form is accepted.
"""

from collections.abc import Callable

import msgspec
from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from agent_assist.cleaning import clean_line
from agent_assist.errors import Refused
from agent_assist.tui.forms.choice import ChoiceOrText, RadioRow
from agent_assist.tui.forms.choice_line import ChoiceLine
from agent_assist.tui.forms.form_messages import Edited, Entered, Stepped
from agent_assist.tui.forms.line_input import LineInput, TextInput
from agent_assist.tui.forms.paragraph import Paragraph
from agent_assist.tui.forms.pick_input import PickInput
from agent_assist.tui.text.wrap import wrap, wrapped
from agent_assist.tui.textual_private import IgnoresLateMessages

FieldControl = LineInput | TextInput | RadioRow | ChoiceOrText | ChoiceLine | PickInput


class ParsedAnswer(msgspec.Struct, frozen=True):
    """The value that a typed text stands for, and a note for the person on how it was understood."""

    value: str
    note: str = ""


AnswerParser = Callable[[str], ParsedAnswer]


def as_typed(text: str) -> ParsedAnswer:
    """Parse the answer of a field that takes any text and may stay empty."""
    return ParsedAnswer(text.strip())


def needed(message: str, example: str = "") -> AnswerParser:
    """Return the parser of a field that takes any text but must not stay empty."""

    def parse(text: str) -> ParsedAnswer:
        if not text.strip():
            raise Refused(message, hint=example)
        return ParsedAnswer(text.strip())

    return parse


class FormField(Widget):
    """A labelled control. `name` is the name of the value; `why` explains the question."""

    class Changed(Message):
        """The answer changed."""

        def __init__(self, field: "FormField") -> None:
            super().__init__()
            self.field = field

    class Done(Message):
        """The field was left: `by` is 0 for Enter, else +1 or -1 for an arrow key."""

        def __init__(self, field: "FormField", by: int = 0) -> None:
            super().__init__()
            self.field = field
            self.by = by

    def __init__(
        self,
        name: str,
        label: str,
        control: FieldControl,
        *,
        parse: AnswerParser = as_typed,
        why: str = "",
        was: str | None = None,
    ) -> None:
        """`was` is the answer on record when the control starts with another one."""
        super().__init__(name=name)
        self.label = clean_line(label)
        self.control = control
        self.parse = parse
        self.why = why
        self.first_text = control.text if was is None else was
        self._note_text = ""
        self._note = Paragraph(classes="field-note")
        self._note.display = False

    def compose(self) -> ComposeResult:
        yield self.control
        if not self._note_text:
            self._show_understanding()
        yield self._note

    def render(self) -> Content:
        lines = wrapped(self.label, self._label_width, style="bold" if self.has_focus_within else "")
        return Content("\n").join(lines)

    def on_resize(self) -> None:
        """Make room for the label, which stands beside the control and may need more lines."""
        self.styles.min_height = len(wrap(self.label, self._label_width))

    @property
    def _label_width(self) -> int:
        return self.control.styles.margin.left - 1

    @property
    def text(self) -> str:
        """Return what stands in the control."""
        return self.control.text

    @property
    def is_changed(self) -> bool:
        """Return whether the answer differs from the one that the form started with."""
        return self.text != self.first_text

    @property
    def answer(self) -> str | None:
        """Return the value of what stands in the control, None while that cannot be used."""
        try:
            return self.parse(self.text).value
        except Refused:
            return None

    def focus_answer(self) -> None:
        """Put the cursor into the control."""
        if isinstance(self.control, ChoiceOrText | PickInput):
            self.control.focus_answer()
        else:
            self.control.focus()

    @property
    def goes_on(self) -> bool:
        """Return whether an Enter among characters leaves this field: its answer is right and takes no line ends."""
        if isinstance(self.control, TextInput) and self.control.takes_lines:
            return False
        try:
            self.parse(self.text)
        except Refused:
            return False
        return True

    def find_error(self) -> str:
        """Return why the answer cannot be used, or "", and show it below the control."""
        try:
            answer = self.parse(self.text)
        except Refused as refused:
            message = _joined(refused)
            self.show_error(message)
            return message
        self._set_note(answer.note)
        return ""

    def show_error(self, message: str) -> None:
        """Show an error below the control."""
        self._set_note(f"✗ {message}", is_error=True)

    def _show_understanding(self) -> None:
        """Show, while somebody types, how the text is understood, else only an example of what would be."""
        try:
            self._set_note(self.parse(self.text).note)
        except Refused as refused:
            self._set_note(refused.hint if self.text.strip() else "")

    def _set_note(self, text: str, *, is_error: bool = False) -> None:
        self._note_text = text
        self.set_class(is_error, "-wrong")
        self._show_note()

    def _show_note(self) -> None:
        """Show the note on the answer; while the cursor is here, below why the question is asked."""
        here = self.is_mounted and self.has_focus_within
        why = self.why if here else ""
        if self.has_class("-wrong"):
            self._note.update(why, self._note_text)
        else:
            self._note.update("\n".join(part for part in (why, self._note_text) if part))
        if here:
            self.call_after_refresh(self.scroll_visible, animate=False)

    @property
    def _is_active(self) -> bool:
        """Return whether the dialog still waits for an answer; while it closes, other fields may be gone already."""
        return self.is_attached and not (isinstance(self.screen, IgnoresLateMessages) and self.screen.is_over)

    @on(Edited)
    def _answer_changed(self, event: Edited) -> None:
        event.stop()
        if not self._is_active:
            return
        self._show_understanding()
        self.post_message(self.Changed(self))

    @on(Entered)
    def _go_on(self, event: Entered) -> None:
        event.stop()
        self.post_message(self.Done(self))

    @on(Stepped)
    def _step(self, event: Stepped) -> None:
        event.stop()
        self.post_message(self.Done(self, event.by))

    def on_descendant_focus(self) -> None:
        self.refresh()
        self._show_note()

    def on_descendant_blur(self) -> None:
        if not self._is_active:
            return
        self.refresh()
        if self.text.strip():
            self.find_error()
        self._show_note()


def _joined(refused: Refused) -> str:
    """Return the message and the hint; Chinese sentences stand without a space between them."""
    space = "" if refused.message.endswith(("。", "！", "？")) else " "
    return f"{refused.message}{space}{refused.hint}".strip()
