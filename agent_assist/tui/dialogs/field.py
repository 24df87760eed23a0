"""One question of a dialog: its label, its control, how the answer was understood, and what is wrong with it.

`read` turns what was typed into an `Answer` or raises Refused; the field shows either beside the control. An error is
shown in earnest only when the person leaves the field or goes on, so nobody is scolded in the middle of a word.
"""

from collections.abc import Callable

import msgspec
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message

from agent_assist.errors import Refused
from agent_assist.tui.dialogs.line import Line, Words
from agent_assist.tui.dialogs.pick import Choice, Pick
from agent_assist.tui.dialogs.prose import Prose
from agent_assist.tui.dialogs.signals import Edited, Entered, Stepped

Control = Line | Words | Pick | Choice


class Answer(msgspec.Struct, frozen=True):
    """What the typed text comes to: the value to use, and a word on how it was understood."""

    value: str
    note: str = ""


Reading = Callable[[str], Answer]


def as_typed(text: str) -> Answer:
    """The reading of a field where everything is right, also nothing."""
    return Answer(text.strip())


def needed(message: str, example: str = "") -> Reading:
    """The reading of a field that takes any text but must not stay empty."""

    def read(text: str) -> Answer:
        if not text.strip():
            raise Refused(message, way_out=example)
        return Answer(text.strip())

    return read


class Field(Vertical):
    """A labelled control. `name` is the name of the value; `why` explains the question."""

    class Changed(Message):
        """The answer changed."""

        def __init__(self, field: "Field") -> None:
            super().__init__()
            self.field = field

    class Done(Message):
        """The person went on from this field: `by` is 0 for Enter, else +1 or -1 for an arrow key."""

        def __init__(self, field: "Field", by: int = 0) -> None:
            super().__init__()
            self.field = field
            self.by = by

    def __init__(self, name: str, label: str, control: Control, *, read: Reading = as_typed, why: str = "") -> None:
        super().__init__(name=name)
        self.label = label
        self.control = control
        self.read = read
        self.why = why
        self.first_text = control.text
        self._note = Prose(classes="field-note")

    def compose(self) -> ComposeResult:
        with Horizontal(classes="field-row"):
            yield Prose(self.label, classes="field-label")
            yield self.control
        if self.why:
            yield Prose(self.why, classes="field-why")
        yield self._note

    def on_mount(self) -> None:
        self._show_understanding()

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
        if isinstance(self.control, Choice):
            self.control.focus_answer()
        else:
            self.control.focus()

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
            self._say(refused.way_out if self.text.strip() else "")

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self._note.say(text)
        self._note.set_class(wrong, "-wrong")
        self.set_class(wrong, "-wrong")
        if self.has_focus_within:
            self.call_after_refresh(self.scroll_visible, animate=False)

    @on(Edited)
    def _answer_changed(self, event: Edited) -> None:
        event.stop()
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

    def on_descendant_blur(self, _event: events.DescendantBlur) -> None:
        if self.text.strip():
            self.problem()


def _joined(refused: Refused) -> str:
    """What is wrong and the way out; Chinese sentences stand without a space between them."""
    space = "" if refused.message.endswith(("。", "！", "？")) else " "
    return f"{refused.message}{space}{refused.way_out}".strip()
