"""The lead's review: what waits for approval on top, every offer below, sums and charts beside them.

It lies over the desk, which goes on behind it and is as it was when this screen is left. What blocks runs in the
desk's worker (rows and decisions) or in this screen's own (sums), and comes back as messages.
"""

from collections.abc import Iterable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical
from textual.geometry import Size
from textual.widget import Widget

from agent_assist.errors import AgentAssistError, Refused
from agent_assist.offers import Offer
from agent_assist.services import Services
from agent_assist.tui.background import SerialWorker
from agent_assist.tui.command import CommandLoader
from agent_assist.tui.command_screen import CommandScreen
from agent_assist.tui.review.actions import ACTIONS
from agent_assist.tui.review.filter_input import FilterInput
from agent_assist.tui.review.queries import (
    DetailRead,
    EverythingRead,
    MoreRead,
    PageRead,
    ReviewFailed,
    TotalsRead,
    Wanted,
    read_detail,
    read_everything,
    read_more,
    read_page,
    read_totals,
)
from agent_assist.tui.review.render.offer_detail_text import Detail
from agent_assist.tui.review.state import PAGE_SIZE, ReviewState
from agent_assist.tui.review.widgets.figures import Figures
from agent_assist.tui.review.widgets.offer_list import OfferList
from agent_assist.tui.review.widgets.offer_panel import OfferPanel
from agent_assist.tui.review.widgets.review_head import ReviewHead

if TYPE_CHECKING:
    from textual.timer import Timer

    from agent_assist.store.news import News

NEWS_DELAY = 0.3
"""Seconds from news of the log until it is read again: what else arrives meanwhile is the same read."""

RETRY_DELAY = 3.0
"""Seconds before a database that did not answer is asked again."""

DETAIL_DELAY = 0.12
"""Seconds the pointer rests on an offer before its history is read."""

MAX_ROWS_READ_AGAIN = 2000
"""Rows read again when somebody wrote."""


class ReviewScreen(CommandScreen[ReviewState, None]):
    """One lead at the log."""

    ACTIONS = ACTIONS

    def __init__(self, services: Services, worker: SerialWorker, *, commands: CommandLoader) -> None:
        super().__init__(commands)
        self.services = services
        self.worker = worker
        self.totals_worker = SerialWorker()
        self.state = ReviewState(services.settings.agent)
        self.stop_export = False
        self._news_timer: Timer | None = None
        self.head = ReviewHead(self.state)
        self.offer_list = OfferList(self.state, services.tz)
        self.offer_panel = OfferPanel(self.state, services.clock, services.tz)
        self.figures = Figures(self.state)

    def body(self) -> Iterable[Widget]:
        yield self.head
        yield Horizontal(
            Vertical(self.offer_list, self.offer_panel, id="review-offers"), self.figures, id="review-room"
        )

    def on_mount(self) -> None:
        self.load()

    def hear(self, news: "tuple[News, ...]") -> None:
        if any(each.topic not in ("incident", "chat") for each in news):
            self._read_again_in(NEWS_DELAY)

    def lose_store(self, reason: str) -> None:
        self.post_message(ReviewFailed(reason))

    def _read_again_in(self, seconds: float) -> None:
        if self._news_timer is None:
            self._news_timer = self.set_timer(seconds, partial(self.unless_over, self._read_again))

    def on_unmount(self) -> None:
        self.stop_export = True
        self.totals_worker.shutdown(lambda: None)

    def choose_layout(self, size: Size) -> None:
        super().choose_layout(size)
        self.state.layout = self.layout_now

    # What is shown

    def conditions(self) -> ReviewState:
        return self.state

    def show_all(self) -> None:
        self.show_head()
        self.show_offers()
        self.show_figures()

    def show_head(self) -> None:
        """Show who looks at what, and what waits in all."""
        self.head.show_head()

    def show_offers(self) -> None:
        """Show the rows, the chosen offer below them, and what can be done now."""
        self.offer_list.show_offers()
        self.offer_panel.draw()
        self.show_footer()

    def show_figures(self) -> None:
        """Show sums, bars and the chart."""
        self.figures.show_figures()

    def _ensure_chart(self) -> None:
        if not self.figures.has_chart:
            self.run_worker(self._add_chart(), group="chart", exclusive=True)

    async def _add_chart(self) -> None:
        """Importing the chart's library takes a tenth of a second: in a worker, once the first sums are known."""
        await self.totals_worker.do(lambda: import_module("agent_assist.tui.review.widgets.day_chart"))
        from agent_assist.tui.review.widgets.day_chart import DayChart  # loaded a moment ago, in the worker

        await self.figures.add_chart(DayChart())

    # Reading

    def apply_filter(self, filter_input: FilterInput) -> None:
        """List the offers that meet these conditions from now on."""
        services = self.services
        try:
            offer_filter = filter_input.to_filter(services.clock(), services.tz, services.settings.currency)
        except Refused as refused:
            self.notify_user(str(refused), "warning")
            return
        self.state.set_filter(filter_input, offer_filter)
        self.load()

    def load(self) -> None:
        """Read rows of what is wanted now; sums follow when the rows are painted."""
        state = self.state
        request = state.begin_request()
        self.show_head()
        self.run_worker(self._read_page(request, self._rows_to_read()), group="rows")

    def _rows_to_read(self) -> int:
        return min(max(PAGE_SIZE, len(self.state.others)), MAX_ROWS_READ_AGAIN)

    def load_totals(self) -> None:
        """Read the sums again."""
        self.run_worker(self._read_totals(self.state.request), group="sums")

    async def _read_page(self, request: int, rows: int) -> None:
        services, offer_filter = self.services, self.state.offer_filter

        def work() -> PageRead | None:
            return read_page(services, offer_filter, request, rows) if self.state.request == request else None

        try:
            page = await self.worker.do(work)
        except AgentAssistError as error:
            self.post_message(ReviewFailed(str(error)))
        else:
            if page is not None:
                self.post_message(page)

    async def _read_totals(self, request: int) -> None:
        services, state = self.services, self.state
        offer_filter, by = state.offer_filter, state.by
        try:
            answer = await self.totals_worker.do(
                lambda: read_totals(
                    services,
                    offer_filter,
                    by,
                    request,
                    lambda: (state.request, state.by) == (request, by),
                )
            )
        except (AgentAssistError, RuntimeError) as error:  # the worker was shut down: the screen is gone
            if isinstance(error, AgentAssistError):
                self.post_message(ReviewFailed(str(error)))
        else:
            if answer is not None:
                self.post_message(answer)

    async def _read_more(self, request: int, before_seq: int) -> None:
        services, offer_filter = self.services, self.state.offer_filter
        try:
            self.post_message(await self.worker.do(lambda: read_more(services, offer_filter, request, before_seq)))
        except AgentAssistError as error:
            self.post_message(ReviewFailed(str(error)))

    async def detail_of(self, offer: Offer) -> Detail | None:
        """Read everything about an offer; None, and a message, when the database does not answer."""
        if self.state.detail is not None and self.state.detail.offer == offer and self.state.detail.entries:
            return self.state.detail
        services, totals, title = self.services, self.state.totals, self.state.titles.get(offer.incident, "")
        try:
            return await self.worker.do(lambda: read_detail(services, offer, totals, title))
        except AgentAssistError as error:
            self.post_message(ReviewFailed(str(error)))
            return None

    async def _read_detail(self) -> None:
        chosen = self.state.chosen
        if chosen is not None and (detail := await self.detail_of(chosen)) is not None:
            self.post_message(DetailRead(detail))

    def _read_again(self) -> None:
        """Read everything that is shown in one transaction: others changed the log."""
        self._news_timer = None
        state = self.state
        wanted = Wanted(state.offer_filter, state.by, self._rows_to_read(), state.chosen, state.begin_request())
        self.run_worker(self._read_everything(wanted), group="sums")

    async def _read_everything(self, wanted: Wanted) -> None:
        services, state = self.services, self.state
        try:
            answer = await self.totals_worker.do(
                lambda: read_everything(services, wanted, lambda: (state.request, state.by) == wanted.current)
            )
        except (AgentAssistError, RuntimeError) as error:  # the worker was shut down: the screen is gone
            if isinstance(error, AgentAssistError):
                self.post_message(ReviewFailed(str(error)))
        else:
            if answer is not None:
                self.post_message(answer)

    # Answers

    @on(PageRead)
    def _page_read(self, event: PageRead) -> None:
        if event.request != self.state.request:
            return
        state = self.state
        state.waiting_total, state.role = event.waiting_total, event.role
        state.show(event.waiting, event.others, has_more=event.has_more)
        self.show_head()
        self.moved()
        self.call_after_refresh(self.load_totals)

    @on(EverythingRead)
    def _everything_read(self, event: EverythingRead) -> None:
        page, state = event.page, self.state
        if (page.request, event.totals.totals.by) != (state.request, state.by):
            return
        state.waiting_total, state.role = page.waiting_total, page.role
        state.totals, state.policy, state.titles = event.totals.totals, event.totals.policy, event.totals.titles
        state.show(page.waiting, page.others, has_more=page.has_more)
        if event.detail is not None and event.detail.offer == state.chosen:
            state.detail = event.detail
        self._ensure_chart()
        self.show_all()
        self.moved()

    @on(MoreRead)
    def _more_read(self, event: MoreRead) -> None:
        if event.request == self.state.request:
            self.state.show_more(event.others, has_more=event.has_more)
            self.show_offers()

    @on(TotalsRead)
    def _totals_read(self, event: TotalsRead) -> None:
        state = self.state
        if event.request == state.request and event.totals.by == state.by:
            state.totals, state.policy, state.titles = event.totals, event.policy, event.titles
            self.state.detail = None
            self._ensure_chart()
            self.show_all()
            self.moved()

    @on(DetailRead)
    def _detail_read(self, event: DetailRead) -> None:
        if event.detail.offer == self.state.chosen:
            self.state.detail = event.detail
            self.offer_panel.draw()

    @on(ReviewFailed)
    def _failed(self, event: ReviewFailed) -> None:
        first = not self.state.store_error
        self.state.fail(event.reason)
        self._read_again_in(RETRY_DELAY)
        self.show_all()
        if first:
            self.notify_user(event.reason, "error", 10)

    # What the person does

    @on(OfferList.Picked)
    def _row_picked(self, event: OfferList.Picked) -> None:
        self.go_to(event.place)

    def go_to(self, place: int) -> None:
        """Choose the offer at this place."""
        self.state.choose(place)
        self.moved()

    def moved(self) -> None:
        """Show that the pointer is on another offer, or on the same in other rows; read more when it nears the end."""
        state = self.state
        self.show_offers()
        self.set_timer(DETAIL_DELAY, lambda: self.run_worker(self._read_detail(), group="detail"))
        if state.needs_more and state.others:
            state.is_loading = True
            self.run_worker(self._read_more(state.request, state.others[-1].seq), group="rows")
