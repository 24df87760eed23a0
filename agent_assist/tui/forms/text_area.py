"""A text being written: pasted text passes the cleaning border, and lines break as Chinese and Latin scripts expect.

Textual's `TextArea` breaks only at spaces, which tears Chinese lines apart around every number. `ScriptWrapped` puts
its own breaks in; very long texts keep Textual's, which are computed for the changed lines only.
"""

from textual import events
from textual.document._document import Location
from textual.document._document_navigator import DocumentNavigator
from textual.document._wrapped_document import WrappedDocument
from textual.expand_tabs import get_tab_widths
from textual.widgets import TextArea

from agent_assist.cleaning import clean
from agent_assist.tui.text.wrap import wrap

_LONG = 10_000
"""Characters, or a fiftieth of it lines, from which wrapping all of them at every key would be felt."""


class ScriptWrapped(WrappedDocument):
    """The document broken at `width` cells; the same shape of answers as Textual's."""

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        super().wrap(width, tab_width)
        if width > 2 and self._is_short:
            self._break_lines(width)

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        if self._is_short:
            self.wrap(self._width)
        else:
            super().wrap_range(start, old_end, new_end)

    @property
    def _is_short(self) -> bool:
        lines = self.document.lines
        return len(lines) < _LONG // 50 and sum(map(len, lines)) < _LONG

    def _break_lines(self, width: int) -> None:
        # One cell stays free: a space at a break hangs at the end of its line, where the cursor must find room.
        breaks = [
            self._wrap_offsets[number] if "\t" in line else [start for start, _end in wrap(line, width - 1)[1:]]
            for number, line in enumerate(self.document.lines)
        ]
        self._wrap_offsets = breaks
        self._offset_to_line_info = [
            (number, section) for number, offsets in enumerate(breaks) for section in range(len(offsets) + 1)
        ]
        self._line_index_to_offsets = [[] for _line in breaks]
        for y, (number, _section) in enumerate(self._offset_to_line_info):
            self._line_index_to_offsets[number].append(y)
        self._tab_width_cache = [
            [cells for _part, cells in get_tab_widths(line, self._tab_width)] for line in self.document.lines
        ]


class CjkTextArea(TextArea):
    """A text of any number of lines."""

    def fitting(self, text: str) -> str:
        """What may stand in it of a text from outside."""
        return clean(text)

    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document(text, language)
        self.wrapped_document = ScriptWrapped(self.document, tab_width=self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._rewrap_and_refresh_virtual_size()

    def fitting_here(self, text: str) -> str:
        """What may stand of it at the cursor."""
        return self.fitting(text)

    async def _on_paste(self, event: events.Paste) -> None:
        event.text = self.fitting_here(event.text)

    def action_paste(self) -> None:
        self.replace(self.fitting_here(self.app.clipboard), *self.selection)
