"""The lead's review: what waits for approval on top, every offer below, sums and charts beside them.

It lies over the desk, which goes on behind it and is as it was when this screen is left. Everything that blocks is done
in the backroom (rows and decisions) or in this screen's own second room (sums), and comes back as messages.
"""

from collections.abc import Coroutine
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual import events, on
from textual.binding import BindingType
from textual.screen import Screen

from agent_assist.cleaning import clean
from agent_assist.errors import AgentAssistError, Refused
from agent_assist.locale import _
from agent_assist.offers import Offer, Sum
from agent_assist.services import Services
from agent_assist.tui.background import SerialWorker
from agent_assist.tui.review.actions import review_bindings
from agent_assist.tui.review.filter_input import FilterInput, wanted_from
from agent_assist.tui.review.queries import (
    DetailRead,
    MoreRead,
    PageRead,
    ReviewFailed,
    TotalsRead,
    read_detail,
    read_more,
    read_page,
    read_totals,
)
from agent_assist.tui.review.render.offer_detail_text import Detail
from agent_assist.tui.review.state import PAGE
from agent_assist.tui.review.view import ReviewView
from agent_assist.tui.review.widgets.offer_list import OfferList
from agent_assist.tui.running_command import RunningCommand
from agent_assist.tui.widgets.foot_line import FootLine
from agent_assist.tui.widgets.layout import LAYOUTS, layout_for

if TYPE_CHECKING:
    from agent_assist.tui.review.widgets.day_chart import DayChart

T = TypeVar("T")

GLANCE = 1.0
"""Seconds between looks at what others wrote."""

QUIET = 0.12
"""Seconds the pointer rests on an offer before its history is read."""

MOST_AGAIN = 2000
"""Rows read again when somebody wrote."""


class ReviewScreen(ReviewView):
    """One lead at the log."""

    BINDINGS: ClassVar[list[BindingType]] = [*review_bindings()]

    def __init__(self, services: Services, worker: SerialWorker) -> None:
        super().__init__(services)
        self.worker = worker
        self.adding = SerialWorker()
        self.running_command = RunningCommand()
        self.stop_export = False
        self._chart: DayChart | None = None
        self._token = -1

    def on_mount(self) -> None:
        self._arrange(self.app.size.width, self.app.size.height)
        self.show_all()
        self.load()
        self.set_interval(GLANCE, partial(self.unless_over, self._glance))

    def on_unmount(self) -> None:
        self.stop_export = True
        self.adding.shutdown(lambda: None)

    async def _bring_chart(self) -> None:
        """The chart's library takes a tenth of a second to import: in the other room, once the first sums are known."""
        await self.adding.do(lambda: import_module("agent_assist.tui.review.widgets.day_chart"))
        from agent_assist.tui.review.widgets.day_chart import DayChart

        self._chart = DayChart()
        await self.query_one("#review-days").mount(self._chart)
        self.show_days()

    def show_days(self) -> None:
        totals = self.review.totals
        days: tuple[Sum, ...] = totals.days if totals else ()
        if self._chart is not None:
            self._chart.show_days(days, _("By day"))

    def on_resize(self, event: events.Resize) -> None:
        self._arrange(event.size.width, event.size.height)
        self.call_after_refresh(self.show_all)

    def _arrange(self, columns: int, rows: int) -> None:
        self.layout_now = layout_for(columns, rows)
        for name in LAYOUTS:
            self.set_class(name == self.layout_now, f"-{name}")

    # Asking

    def look(self, asked: FilterInput) -> None:
        """Look at offers that meet these conditions from now on."""
        try:
            wanted = wanted_from(asked, self.services.clock(), self.services.tz, self.services.settings.currency)
        except Refused as refused:
            self.notify_user(str(refused), "warning")
            return
        self.review.ask(asked, wanted)
        self.load()

    def load(self) -> None:
        """Read rows of what is wanted now; sums follow when the rows are painted."""
        review = self.review
        turn = review.begin()
        self.show_head()
        rows = min(max(PAGE, len(review.others)), MOST_AGAIN)
        self.run_worker(self._read_page(turn, rows), group="rows")

    def add_up(self) -> None:
        """Read the sums again."""
        self.run_worker(self._read_totals(self.review.turn), group="sums")

    async def _read_page(self, turn: int, rows: int) -> None:
        services, wanted = self.services, self.review.wanted

        def work() -> tuple[int, PageRead] | None:
            if self.review.turn != turn:
                return None
            token = services.store.change_token()  # before the page: what is written meanwhile is news
            return token, read_page(services, wanted, turn, rows)

        try:
            answer = await self.worker.do(work)
        except AgentAssistError as error:
            self.post_message(ReviewFailed(str(error)))
        else:
            if answer is not None:
                token, page = answer
                self._token = token if self._token == -1 else self._token
                self.post_message(page)

    async def _read_totals(self, turn: int) -> None:
        services, review = self.services, self.review
        wanted, by = review.wanted, review.by
        try:
            answer = await self.adding.do(
                lambda: read_totals(services, wanted, by, turn, lambda: (review.turn, review.by) == (turn, by))
            )
        except (AgentAssistError, RuntimeError) as error:  # the room was closed: the screen is gone
            if isinstance(error, AgentAssistError):
                self.post_message(ReviewFailed(str(error)))
        else:
            if answer is not None:
                self.post_message(answer)

    async def _read_more(self, turn: int, before_seq: int) -> None:
        services, wanted = self.services, self.review.wanted
        try:
            self.post_message(await self.worker.do(lambda: read_more(services, wanted, turn, before_seq)))
        except AgentAssistError as error:
            self.post_message(ReviewFailed(str(error)))

    async def detail_of(self, offer: Offer) -> Detail | None:
        """Everything about an offer; None, and a message, when the database does not answer."""
        if self.detail is not None and self.detail.offer == offer and self.detail.entries:
            return self.detail
        services, totals, title = self.services, self.review.totals, self.review.titles.get(offer.incident, "")
        try:
            return await self.worker.do(lambda: read_detail(services, offer, totals, title))
        except AgentAssistError as error:
            self.post_message(ReviewFailed(str(error)))
            return None

    async def _read_detail(self) -> None:
        chosen = self.review.chosen
        if chosen is not None and (known := await self.detail_of(chosen)) is not None:
            self.post_message(DetailRead(known))

    def _glance(self) -> None:
        async def glance() -> None:
            try:
                token = await self.worker.do(lambda: self.services.store.change_token())
            except (AgentAssistError, RuntimeError) as error:  # the room was closed: the program ends
                if isinstance(error, AgentAssistError):
                    self.post_message(ReviewFailed(str(error)))
                return
            if self._token not in (-1, token) or self.review.store_error:
                self.load()
            self._token = token

        if not any(worker.group == "glance" and worker.is_running for worker in self.workers):
            self.run_worker(glance(), group="glance")

    # Answers

    @on(PageRead)
    def _page_read(self, event: PageRead) -> None:
        if event.turn != self.review.turn:
            return
        review = self.review
        review.waiting_in_all, review.role = event.waiting_in_all, event.role
        review.show(event.waiting, event.others, has_more=event.has_more)
        self.show_head()
        self.moved()
        self.call_after_refresh(self.add_up)

    @on(MoreRead)
    def _more_read(self, event: MoreRead) -> None:
        if event.turn == self.review.turn:
            self.review.show_more(event.others, has_more=event.has_more)
            self.show_offers()

    @on(TotalsRead)
    def _totals_read(self, event: TotalsRead) -> None:
        review = self.review
        if event.turn == review.turn and event.totals.by == review.by:
            review.totals, review.policy, review.titles = event.totals, event.policy, event.titles
            self.detail = None
            if self._chart is None:
                self.run_worker(self._bring_chart(), group="chart", exclusive=True)
            self.show_all()
            self.moved()

    @on(DetailRead)
    def _detail_read(self, event: DetailRead) -> None:
        if event.detail.offer == self.review.chosen:
            self.detail = event.detail
            self.show_detail()

    @on(ReviewFailed)
    def _failed(self, event: ReviewFailed) -> None:
        first = not self.review.store_error
        self.review.fail(event.reason)
        self.show_all()
        if first:
            self.notify_user(event.reason, "error", 10)

    # What the person does

    @on(OfferList.Picked)
    def _row_picked(self, event: OfferList.Picked) -> None:
        self.go_to(event.place)

    @on(FootLine.Picked)
    async def _action_picked(self, event: FootLine.Picked) -> None:
        await self.action_do(event.action_id)

    def go_to(self, place: int) -> None:
        """Choose the offer at this place."""
        self.review.choose(place)
        self.moved()

    def moved(self) -> None:
        """The pointer stands on another offer, or on the same in other rows."""
        review = self.review
        self.show_offers()
        self.set_timer(QUIET, lambda: self.run_worker(self._read_detail(), group="detail"))
        if review.wants_more and review.others:
            review.is_loading = True
            self.run_worker(self._read_more(review.turn, review.others[-1].seq), group="rows")

    async def action_do(self, action_id: str) -> None:
        """Do what an action of the registry says, or say why it does not work now."""
        from agent_assist.tui.review.commands.browse_offers import COMMANDS

        reason = self.review.disabled_reason(action_id)
        if reason:
            self.notify_user(reason, "warning")
            return
        await COMMANDS[action_id](self)

    # For the flows

    def notify_user(self, message: str, severity: str = "information", seconds: float = 5.0) -> None:
        """A short message that goes by itself; cleaned, and never markup."""
        level = severity if severity in ("warning", "error") else "information"
        self.notify(clean(message), severity=level, timeout=seconds, markup=False)  # type: ignore[arg-type]

    def run_command(self, flow: Coroutine[None, None, None], group: str = "command") -> None:
        """Run something that asks or waits; while one is under way another is not begun."""
        if any(worker.group == group and worker.is_running for worker in self.workers):
            flow.close()
            self.notify_user(_("One moment, the last step is not finished yet."), "warning")
            return
        self.run_worker(self._take_step(flow) if group == "command" else flow, group=group)

    async def _take_step(self, flow: Coroutine[None, None, None]) -> None:
        self.running_command.start()
        try:
            await flow
        finally:
            self.running_command.finish()

    @property
    def is_running_command(self) -> bool:
        """Whether what is typed waits for what the step under way asks."""
        return self.running_command.holds_keys()

    async def ask(self, question: Screen[T]) -> T | None:
        """Ask with a dialog and wait for its answer."""
        answer = await self.app.push_screen_wait(question)
        self.running_command.start()
        return answer
