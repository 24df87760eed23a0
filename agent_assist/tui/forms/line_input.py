"""Controls for typing: one line, or a text that wraps.

Textual's `Input` drops all but the first line of what is pasted, and takes control characters as they are; here
line ends become spaces in a line and stay in a text, and everything pasted is cleaned.
"""

from textual import events, on
from textual.widgets import Input, TextArea

from agent_assist.cleaning import clean, clean_line, clean_line_after
from agent_assist.locale import _
from agent_assist.tui.forms.form_messages import Edited, Entered, Stepped
from agent_assist.tui.forms.text_area import CjkTextArea, first_of
from agent_assist.tui.ordered_input import is_in_text
from agent_assist.tui.text.content import content

MAX_LINE = 500
"""Characters of a pasted text that go into one line, as many as the offer log takes; each key costs what is there."""

MAX_WORDS = 2_000
"""The same of an answer in words on one line."""

MAX_TEXT = 5_000
"""The same of one with lines."""


class LineInput(Input):
    """One short answer: a name, a time, an amount."""

    def __init__(self, text: str = "", *, example: str = "") -> None:
        super().__init__(clean_line(text), placeholder=_example(example), select_on_focus=False, compact=True)

    @property
    def text(self) -> str:
        return self.value

    def on_paste(self, event: events.Paste) -> None:
        event.text = self._cleaned_at_cursor(event.text)

    def action_paste(self) -> None:
        self.replace(self._cleaned_at_cursor(self.app.clipboard), *self.selection)

    def _cleaned_at_cursor(self, text: str) -> str:
        line = clean_line_after(self.value[: min(self.selection)], text)
        return first_of(line, MAX_LINE - len(self.value) + len(self.selected_text), self.app)

    @on(Input.Changed)
    def _tell_edited(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(Edited())

    @on(Input.Submitted)
    def _tell_entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(Entered())


class TextInput(CjkTextArea):
    """A text, wrapped so that all of it is seen; Enter goes to the next field, pasted line ends stay with `lines`."""

    def __init__(self, text: str = "", *, example: str = "", lines: bool = False) -> None:
        self.takes_lines = lines
        super().__init__(
            self.cleaned(text), placeholder=content(_example(example)), compact=True, highlight_cursor_line=False
        )

    def on_mount(self) -> None:
        self.move_cursor(self.document.end)

    def cleaned(self, text: str) -> str:
        return clean(text) if self.takes_lines else clean_line(text)

    def cleaned_at_cursor(self, text: str) -> str:
        if self.takes_lines:
            return super().cleaned_at_cursor(text)
        line = clean_line_after(self.get_text_range((0, 0), min(self.selection)), text)
        return first_of(line, self.room, self.app)

    @property
    def max_length(self) -> int:
        return MAX_TEXT if self.takes_lines else MAX_WORDS

    def on_key(self, event: events.Key) -> None:
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            if self.takes_lines and is_in_text(self.app):
                self.insert("\n")
            else:
                self.post_message(Entered())

    def action_cursor_up(self, select: bool = False) -> None:
        if not select and self.wrapped_document.location_to_offset(self.cursor_location).y == 0:
            self.post_message(Stepped(-1))
        else:
            super().action_cursor_up(select)

    def action_cursor_down(self, select: bool = False) -> None:
        row = self.wrapped_document.location_to_offset(self.cursor_location).y
        if not select and row >= self.wrapped_document.height - 1:
            self.post_message(Stepped(1))
        else:
            super().action_cursor_down(select)

    @on(TextArea.Changed)
    def _tell_edited(self, event: TextArea.Changed) -> None:
        event.stop()
        self.post_message(Edited())


def _example(text: str) -> str:
    """Return the placeholder, which says that it is an example: without colours it would look like an answer."""
    return _("e.g. {example}", example=clean_line(text)) if text else ""
