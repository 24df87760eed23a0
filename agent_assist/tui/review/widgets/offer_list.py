"""The list of offers, in two parts under headings. Only the rows in sight are drawn, however many were read."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec
from textual import events
from textual.message import Message

from agent_assist.locale import _, current
from agent_assist.offers import Offer
from agent_assist.offers.outliers import outlier
from agent_assist.tui.review.render.offers_text import heading_line, offer_columns, offer_line
from agent_assist.tui.review.state import ReviewState
from agent_assist.tui.text.paragraphs import paragraphs
from agent_assist.tui.widgets.scrolled_list import ScrolledList


class Part(msgspec.Struct, frozen=True):
    """Offers under one heading."""

    heading: str
    offers: Sequence[Offer]


class OfferList(ScrolledList):
    """Places count offers through all parts, headings not. The screen takes the keys."""

    @dataclass
    class Picked(Message):
        """The offer at `place` was clicked."""

        place: int

    _parts: Sequence[Part] = ()
    _outliers: Collection[str] = ()

    def __init__(self, state: ReviewState, tz: dt.tzinfo) -> None:
        super().__init__(id="review-list")
        self._state = state
        self._tz = tz

    def show_offers(self) -> None:
        """Show the offers that were read, with the chosen one in sight."""
        state = self._state
        parts = (
            Part(_("Waits for approval: {count}", count=len(state.waiting)), state.waiting),
            Part(_("All others, newest first"), state.others),
        )
        self._parts = [part for part in parts if part.offers]
        medians = state.totals.medians if state.totals else ()
        near = state.offers[max(0, state.place - self.page - 5) : state.place + self.page + 5]
        self._outliers = {offer.id for offer in near if outlier(offer, medians)}
        row = self._row_of(state.place)
        self.keep_in_sight(row, 0 if state.place == 0 else row)  # the first offer is shown with its heading
        self.draw()

    def draw(self) -> None:
        if not self.size.width:
            return
        if not self._parts:
            self.show(paragraphs(_why_empty(self._state), max(10, self.size.width)))
            return
        rows = sum(len(part.offers) + 1 for part in self._parts)
        widths = offer_columns(self.size.width, current())
        shown = []
        for row in self.window(rows):
            place, offer, heading = self._at(row)
            shown.append(
                heading_line(heading, self.size.width)
                if offer is None
                else offer_line(
                    offer,
                    widths,
                    self._tz,
                    is_chosen=place == self._state.place,
                    is_marked=offer.id in self._state.marked,
                    stands_out=offer.id in self._outliers,
                )
            )
        self.show(shown)

    def _row_of(self, place: int) -> int:
        """Return the row an offer stands in, counted with the headings."""
        before = 0
        for number, part in enumerate(self._parts):
            before += len(part.offers)
            if place < before:
                return place + number + 1
        return before + len(self._parts)

    def _at(self, row: int) -> tuple[int, Offer | None, str]:
        """Return what stands in a row: the place and the offer, or a heading."""
        place = 0
        for part in self._parts:
            if row == 0:
                return place, None, part.heading
            if row <= len(part.offers):
                return place + row - 1, part.offers[row - 1], ""
            row -= len(part.offers) + 1
            place += len(part.offers)
        return place, None, ""

    def on_resize(self) -> None:
        self.keep_in_sight(self._row_of(self._state.place))
        super().on_resize()

    def on_click(self, event: events.Click) -> None:
        place, offer, _heading = self._at(self._top + event.y)
        if offer is not None:
            self.post_message(self.Picked(place))


def _why_empty(state: ReviewState) -> list[str]:
    if state.store_error:
        return [_("The database cannot be reached."), state.store_error, _("It is tried again by itself.")]
    if state.is_loading:
        return [_("Reading the log…")]
    if state.filter_input.is_open:
        return [_("Nothing was offered yet."), _("What agents offer on their desks appears here at once.")]
    return [_("No offer meets these conditions."), _("F changes them, R takes them all away.")]
