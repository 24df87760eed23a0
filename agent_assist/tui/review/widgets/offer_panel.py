"""The chosen offer below the list, as much of it as has room."""

import datetime as dt
from collections.abc import Callable

from agent_assist.locale import _
from agent_assist.tui.review.render.offer_detail_text import Detail, detail_lines
from agent_assist.tui.review.state import ReviewState
from agent_assist.tui.text.content import content
from agent_assist.tui.text.line import line
from agent_assist.tui.widgets.lines import Lines, set_title


class OfferPanel(Lines):
    """Shows the offer that is chosen in a review's state."""

    def __init__(self, state: ReviewState, clock: Callable[[], dt.datetime], tz: dt.tzinfo) -> None:
        super().__init__(id="review-detail")
        self._state = state
        self._clock = clock
        self._tz = tz

    def draw(self) -> None:
        """Show what is known about the offer; its history is read a moment after it was chosen."""
        state, chosen = self._state, self._state.chosen
        if chosen is None or not self.size.width:
            set_title(self, content(""), content(""))
            self.show([])
            return
        detail = state.detail if state.detail and state.detail.offer == chosen else Detail(offer=chosen)
        lines = detail_lines(detail, self._clock(), self._tz, self.size.width)
        rows = self.size.height
        more = content(_("Enter: all of it") if len(lines) > rows else "", ".dim")
        set_title(self, line((chosen.id, ".title")), more)
        self.show(lines[:rows])
