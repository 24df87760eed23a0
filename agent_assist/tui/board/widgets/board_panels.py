"""The line on top of the board, and the chosen incident."""

import datetime as dt
from collections.abc import Callable

from agent_assist.locale import _
from agent_assist.tui.board.render.board_text import board_detail, title_of_incident
from agent_assist.tui.board.state import BoardState
from agent_assist.tui.text.content import content
from agent_assist.tui.text.line import cut, ends, joined, line
from agent_assist.tui.widgets.lines import Lines, set_title


class BoardHead(Lines):
    """How many incidents are open and overdue, and who looks."""

    def __init__(self, state: BoardState) -> None:
        super().__init__(id="board-head")
        self._state = state

    def draw(self) -> None:
        state = self._state
        late = sum(bool(row.overdue) for row in state.rows)
        counts = (_("! {count} with overdue steps", count=late) if late else "", ".danger")
        status = (_("! database not reachable"), ".danger") if state.store_error else counts
        role = _("lead") if state.role == "lead" else _("read only")
        right = joined([status, (f"{state.agent} ({role})", ".dim")])
        self.show([ends(line((_("Incidents"), ".title")), right, self.size.width)])


class BoardDetail(Lines):
    """Everything about the chosen incident, as much as has room."""

    def __init__(self, state: BoardState, clock: Callable[[], dt.datetime], tz: dt.tzinfo) -> None:
        super().__init__(id="board-detail")
        self._state = state
        self._clock = clock
        self._tz = tz

    def draw(self) -> None:
        chosen, cells = self._state.chosen, self.size.width
        if chosen is None or not cells:
            set_title(self, content(""))
            self.show([])
            return
        title = joined([(title_of_incident(chosen.incident), ".title"), chosen.incident.id])
        set_title(self, cut(title, max(0, cells - 2)))
        self.show(board_detail(chosen, self._clock(), self._tz, cells)[: self.size.height])
