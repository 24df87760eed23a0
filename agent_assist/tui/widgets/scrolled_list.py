"""A list of which only the rows in sight are drawn, however long it is."""

from textual import events

from agent_assist.tui.widgets.lines import Lines

ROWS_PER_WHEEL_TURN = 3


class ScrolledList(Lines):
    """Lines with a window over rows. Keys arrive from the screen; the wheel moves the window alone."""

    _top = 0
    """The first row in sight."""

    @property
    def page(self) -> int:
        """Rows in sight."""
        return max(1, self.size.height)

    def keep_in_sight(self, row: int, first: int | None = None) -> None:
        """Move the window so that this row is in it, and so is `first` (else the row) when it lay above."""
        self._top = min(max(self._top, row - self.page + 1), row if first is None else first)

    def window(self, rows: int) -> range:
        """Return the rows in sight of so many, with the window moved back to where rows are."""
        self._top = max(0, min(self._top, rows - self.page))
        return range(self._top, min(rows, self._top + self.page))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._scroll(event, ROWS_PER_WHEEL_TURN)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._scroll(event, -ROWS_PER_WHEEL_TURN)

    def _scroll(self, event: events.MouseEvent, rows: int) -> None:
        event.stop()
        self._top += rows
        self.draw()
