"""The sentence shown in a window where nothing else would fit."""

from agent_assist.locale import _
from agent_assist.settings import MIN_TERMINAL_SIZE
from agent_assist.tui.text.paragraphs import paragraphs
from agent_assist.tui.widgets.lines import Lines


class TooSmall(Lines):
    """Says what size is needed."""

    def draw(self) -> None:
        columns, rows = MIN_TERMINAL_SIZE
        needed = _("This window is too small. The desk needs at least {columns} × {rows}.", columns=columns, rows=rows)
        self.show(paragraphs([needed], self.size.width))
