"""A text editor: what is pasted is cleaned, and lines break as Chinese and Latin scripts expect.

Textual's `TextArea` breaks only at spaces, which tears Chinese lines apart around every number.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from textual import events
from textual.app import App

from agent_assist.cleaning import clean
from agent_assist.locale import _
from agent_assist.tui.text.wrap import wrap
from agent_assist.tui.textual_private.rewrapped_text_area import RewrappedTextArea

MAX_LENGTH = 100_000
"""Characters that a text takes of what is pasted; each key costs what is there."""

MAX_LINE_LENGTH = 10_000
"""The same of one line: each row that is painted costs the whole line it is part of."""


class CjkTextArea(RewrappedTextArea):
    """A text of any number of lines."""

    takes_text: ClassVar[bool] = True

    def cleaned(self, text: str) -> str:
        """Return what may stand in it of a text from outside."""
        return clean(text)

    def line_breaks(self, line: str, cells: int) -> Sequence[int]:
        return [start for start, _end in wrap(line, cells)[1:]]

    def cleaned_at_cursor(self, text: str) -> str:
        """Return what may be inserted of it at the cursor."""
        text = self.cleaned(text)
        return first_of(text, min(self.room, _length_of_short_lines(text)), self.app)

    @property
    def max_length(self) -> int:
        """Characters up to which it takes what is pasted."""
        return MAX_LENGTH

    @property
    def room(self) -> int:
        """Characters of a pasted text that still fit."""
        return self.max_length - len(self.text) + len(self.selected_text)

    def on_paste(self, event: events.Paste) -> None:
        event.text = self.cleaned_at_cursor(event.text)

    def action_paste(self) -> None:
        self.replace(self.cleaned_at_cursor(self.app.clipboard), *self.selection)


def _length_of_short_lines(text: str) -> int:
    """Count the characters up to where a line becomes too long."""
    start = 0
    for line in text.split("\n"):
        if len(line) > MAX_LINE_LENGTH:
            return start + MAX_LINE_LENGTH
        start += len(line) + 1
    return len(text)


def first_of(text: str, room: int, app: App[Any]) -> str:
    """Return as much of a pasted text as there is room for; what is cut is said."""
    if len(text) <= room:
        return text
    kept = max(0, room)
    said = _("The pasted text has {pasted} characters; the first {kept} are taken.", pasted=len(text), kept=kept)
    app.notify(said, severity="warning", markup=False)
    return text[:kept]
