"""One question of a dialog: its label, its control, how the answer was understood, and what is wrong with it.

`read` turns what was typed into an `Answer` or raises Refused; the field shows either beside the control. An error is
shown in earnest only when the person leaves the field or goes on, so nobody is scolded in the middle of a word.
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
from agent_assist.tui.forms.form_messages import Edited, Entered, Stepped
from agent_assist.tui.forms.line_input import LineInput, TextInput
from agent_assist.tui.forms.paragraph import Paragraph
from agent_assist.tui.text.wrap import wrap, wrapped
from agent_assist.tui.textual_private import IgnoresLateMessages

FieldControl = LineInput | TextInput | RadioRow | ChoiceOrText


class Answer(msgspec.Struct, frozen=True):
    """What the typed text comes to: the value to use, and a word on how it was understood."""

    value: str
    note: str = ""


AnswerParser = Callable[[str], Answer]


def as_typed(text: str) -> Answer:
    """The reading of a field where everything is right, also nothing."""
    return Answer(text.strip())


def needed(message: str, example: str = "") -> AnswerParser:
    """The reading of a field that takes any text but must not stay empty."""

    def read(text: str) -> Answer:
        if not text.strip():
            raise Refused(message, hint=example)
        return Answer(text.strip())

    return read


class FormField(Widget):
    """A labelled control. `name` is the name of the value; `why` explains the question."""

    class Changed(Message):
        """The answer changed."""

        def __init__(self, field: "FormField") -> None:
            super().__init__()
            self.field = field

    class Done(Message):
        """The person went on from this field: `by` is 0 for Enter, else +1 or -1 for an arrow key."""

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
        read: AnswerParser = as_typed,
        why: str = "",
        was: str | None = None,
    ) -> None:
        """`was` is the answer on record when the control starts with another one."""
        super().__init__(name=name)
        self.label = clean_line(label)
        self.control = control
        self.read = read
        self.why = why
        self.first_text = control.text if was is None else was
        self._said = ""
        self._note = Paragraph(classes="field-note")
        self._note.display = False

    def compose(self) -> ComposeResult:
        yield self.control
        if not self._said:
            self._show_understanding()
        yield self._note

    def render(self) -> Content:
        lines = wrapped(self.label, self._label_width, style="bold" if self.has_focus_within else "")
        return Content("\n").join(lines)

    def on_resize(self) -> None:
        """The label stands beside the control and may need more lines than it."""
        self.styles.min_height = len(wrap(self.label, self._label_width))

    @property
    def _label_width(self) -> int:
        return self.control.styles.margin.left - 1

    @property
    def text(self) -> str:
        """What stands in the control."""
        return self.control.text

    @property
    def is_changed(self) -> bool:
        """Whether something else stands there than at first."""
        return self.text != self.first_text

    def focus_answer(self) -> None:
        """Put the cursor into the control."""
        if isinstance(self.control, ChoiceOrText):
            self.control.focus_answer()
        else:
            self.control.focus()

    @property
    def goes_on(self) -> bool:
        """Whether Enter among characters leaves this field: the answer holds, and line ends are not part of it."""
        if isinstance(self.control, TextInput) and self.control.takes_lines:
            return False
        try:
            self.read(self.text)
        except Refused:
            return False
        return True

    def problem(self) -> str:
        """Why the answer cannot be used, or ""; shown beside the control."""
        try:
            answer = self.read(self.text)
        except Refused as refused:
            message = _joined(refused)
            self.complain(message)
            return message
        self._say(answer.note)
        return ""

    def complain(self, message: str) -> None:
        """Show what is wrong."""
        self._say(f"✗ {message}", wrong=True)

    def _show_understanding(self) -> None:
        """While typing: the echo when it is understood, else only an example of what would be."""
        try:
            self._say(self.read(self.text).note)
        except Refused as refused:
            self._say(refused.hint if self.text.strip() else "")

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self._said = text
        self.set_class(wrong, "-wrong")
        self._show_note()

    def _show_note(self) -> None:
        """The word on the answer; while the cursor is here, after why it is asked."""
        here = self.is_mounted and self.has_focus_within
        why = self.why if here else ""
        if self.has_class("-wrong"):
            self._note.update(why, self._said)
        else:
            self._note.update("\n".join(part for part in (why, self._said) if part))
        if here:
            self.call_after_refresh(self.scroll_visible, animate=False)

    @property
    def _is_asked(self) -> bool:
        """Whether the dialog still waits for the answer; while it closes, the fields beside this one may be gone."""
        return self.is_attached and not (isinstance(self.screen, IgnoresLateMessages) and self.screen.is_over)

    @on(Edited)
    def _answer_changed(self, event: Edited) -> None:
        event.stop()
        if not self._is_asked:
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
        if not self._is_asked:
            return
        self.refresh()
        if self.text.strip():
            self.problem()
        self._show_note()


def _joined(refused: Refused) -> str:
    """What is wrong and the way out; Chinese sentences stand without a space between them."""
    space = "" if refused.message.endswith(("。", "！", "？")) else " "
    return f"{refused.message}{space}{refused.hint}".strip()
