"""The incidents of the board, open ones first."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message

from agent_assist.locale import _
from agent_assist.tui.board.render.board_text import board_line, heading
from agent_assist.tui.board.state import BoardState
from agent_assist.tui.text.paragraphs import paragraphs
from agent_assist.tui.widgets.scrolled_list import ScrolledList


class BoardList(ScrolledList):
    """Places count incidents, headings not. The screen takes the keys."""

    @dataclass
    class Picked(Message):
        """The incident at `place` was clicked."""

        place: int

    def __init__(self, state: BoardState, clock: Callable[[], dt.datetime], tz: dt.tzinfo) -> None:
        super().__init__(id="board-list")
        self._state = state
        self._clock = clock
        self._tz = tz
        self._places: list[int | None] = []
        """The place that stands in each row; None for a heading."""

    def draw(self) -> None:
        cells = self.size.width
        if not cells:
            return
        if not self._state.rows:
            self.show(paragraphs(_why_empty(self._state), max(10, cells)))
            return
        lines = self._all_lines(cells)
        row = self._places.index(self._state.place)
        self.keep_in_sight(row, 0 if self._state.place == 0 else row)
        self.show([lines[number] for number in self.window(len(lines))])

    def _all_lines(self, cells: int) -> list[Content]:
        state, now = self._state, self._clock()
        still_open = state.open_rows
        headings = {0: _("Open: {count}", count=still_open), still_open: _("Resolved within a week")}
        lines: list[Content] = []
        self._places = []
        if not still_open:
            headings = {0: _("Nothing is open. Resolved within a week:")}
        for place, row in enumerate(state.rows):
            if place in headings:
                lines.append(heading(headings[place], cells))
                self._places.append(None)
            lines.append(board_line(row, now, self._tz, cells, is_chosen=place == state.place))
            self._places.append(place)
        return lines

    def on_click(self, event: events.Click) -> None:
        row = self._top + event.y
        place = self._places[row] if row < len(self._places) else None
        if place is not None:
            self.post_message(self.Picked(place))


def _why_empty(state: BoardState) -> list[str]:
    if state.store_error:
        return [_("The database cannot be reached."), state.store_error, _("It is tried again by itself.")]
    if state.is_loading:
        return [_("Reading the incidents…")]
    if state.role != "lead":
        return [_("No incident is open."), _("What a lead records appears here at once.")]
    return [_("No incident is open."), _("Something is down? N records it; replies then fill themselves.")]
