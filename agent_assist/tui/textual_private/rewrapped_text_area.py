"""A text area that breaks lines where its owner says; Textual's breaks only at spaces.

Not part of the package's face: text areas load a parser of programming languages, too slow for the first paint.
"""

from abc import abstractmethod
from collections.abc import Callable, Sequence

from textual.expand_tabs import get_tab_widths
from textual.widgets import TextArea
from textual.widgets.text_area import DocumentBase, DocumentNavigator, Location, WrappedDocument

LineBreaks = Callable[[str, int], Sequence[int]]
"""From a line and a width in cells to the offsets in the line where a new row begins."""

MAX_REWRAPPED_CHARACTERS = 10_000
MAX_REWRAPPED_LINES = 200
"""Above these, wrapping the whole text at every key would be felt: then only Textual's own breaks are used."""


class RewrappedDocument(WrappedDocument):
    """A wrapped document whose lines break where `line_breaks` says."""

    def __init__(self, document: DocumentBase, line_breaks: LineBreaks, tab_width: int) -> None:
        self._line_breaks = line_breaks
        super().__init__(document, tab_width=tab_width)

    def wrap(self, width: int, tab_width: int | None = None) -> None:
        """Break all lines at `width` cells."""
        super().wrap(width, tab_width)
        if width > 2 and self._is_short:
            self._break_lines(width)

    def wrap_range(self, start: Location, old_end: Location, new_end: Location) -> None:
        """Break the lines that an edit changed; of a short text, all."""
        if self._is_short:
            self.wrap(self._width)
        else:
            super().wrap_range(start, old_end, new_end)

    @property
    def _is_short(self) -> bool:
        lines = self.document.lines
        return len(lines) < MAX_REWRAPPED_LINES and sum(map(len, lines)) < MAX_REWRAPPED_CHARACTERS

    def _break_lines(self, width: int) -> None:
        # One cell stays free: a space at a break hangs at the end of its row, where the cursor must find room.
        breaks = [
            self._wrap_offsets[number] if "\t" in line else [*self._line_breaks(line, width - 1)]
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


class RewrappedTextArea(TextArea):
    """A text area that chooses itself where lines break; Textual's breaks only at spaces."""

    @abstractmethod
    def line_breaks(self, line: str, cells: int) -> Sequence[int]:
        """Return the offsets in `line` where a new row of at most `cells` begins."""

    def _set_document(self, text: str, language: str | None) -> None:
        super()._set_document(text, language)
        self.wrapped_document = RewrappedDocument(self.document, self.line_breaks, self.indent_width)
        self.navigator = DocumentNavigator(self.wrapped_document)
        self._rewrap_and_refresh_virtual_size()

    def _recompute_cursor_offset(self) -> None:
        """Find the cursor's place on the screen; while an edit is undone it may stand behind the text for a moment.

        Textual measures the text between the edit and the move of the cursor, and raises ValueError where a scrollbar
        appears or goes just then.
        """
        if self.cursor_location[0] < len(self.wrapped_document._wrap_offsets):
            super()._recompute_cursor_offset()  # type: ignore[no-untyped-call]
