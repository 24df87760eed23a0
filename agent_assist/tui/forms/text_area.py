"""A text being written: pasted text passes the cleaning border, and lines break as Chinese and Latin scripts expect.

Textual's `TextArea` breaks only at spaces, which tears Chinese lines apart around every number.
"""

from collections.abc import Sequence

from textual import events

from agent_assist.cleaning import clean
from agent_assist.tui.text.wrap import wrap
from agent_assist.tui.textual_private import RewrappedTextArea


class CjkTextArea(RewrappedTextArea):
    """A text of any number of lines."""

    def cleaned(self, text: str) -> str:
        """Return what may stand in it of a text from outside."""
        return clean(text)

    def line_breaks(self, line: str, cells: int) -> Sequence[int]:
        return [start for start, _end in wrap(line, cells)[1:]]

    def cleaned_at_cursor(self, text: str) -> str:
        """Return what may be inserted of it at the cursor."""
        return self.cleaned(text)

    def on_paste(self, event: events.Paste) -> None:
        event.text = self.cleaned_at_cursor(event.text)

    def action_paste(self) -> None:
        self.replace(self.cleaned_at_cursor(self.app.clipboard), *self.selection)
