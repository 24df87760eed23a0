"""What one agent does in the outage: read, change chats, type, change a reply by hand, send, promise, close.

A lead has the review open instead, decides about what waits, and updates the facts.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from itertools import chain, count, repeat
from typing import TYPE_CHECKING, TypeVar, cast

from agent_assist.chats import Chat, Customer
from agent_assist.errors import AgentAssistError, MaybeSaved, NotSaved, Refused, Unreachable
from agent_assist.offers import LimitScope, OfferFilter
from agent_assist.services import new_op_id
from agent_assist.services.make_reply import with_text
from agent_assist.tui.background import SerialWorker
from agent_assist.tui.desk.commands.finish_sending import AGAIN, PATIENTLY, record
from agent_assist.tui.desk.commands.promise import OutgoingReply
from agent_assist.tui.desk.incident_snapshot import read_incidents
from agent_assist.tui.desk.messages import FactsChanged
from agent_assist.tui.review.queries import Wanted, read_everything
from agent_assist.tui.review.screen import NEWS_DELAY, RETRY_DELAY
from agent_assist.tui.review.state import PAGE_SIZE
from tests.benchmarks.outage import plan as pace
from tests.benchmarks.outage.headless_desk import NOTHING_FOUND, HeadlessDesk
from tests.benchmarks.outage.plan import Plan
from tests.benchmarks.outage.record import Record

if TYPE_CHECKING:
    from agent_assist.offers import OfferAction
    from agent_assist.services import Reply
    from agent_assist.tui.desk.screen import DeskScreen

T = TypeVar("T")

WORDS = ("登录不上", "denglu", "什么时候好", "dingdan", "补偿", "退款", "验证码", "zhanghao")

SETTLED_SECONDS = 2.0
"""Seconds after the last letter in which the desk must have put it away; it promises one."""


class Shift:
    """One agent at work until `rest`."""

    def __init__(self, plan: Plan, number: int, desk: HeadlessDesk, record_: Record) -> None:
        self.plan = plan
        self.desk = desk
        self.record = record_
        self.chance = plan.chance(number)
        self.is_resting = asyncio.Event()
        self._number = number
        self._serial = count(1)
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to work."""
        works = [self._review(), self._decide()] if self.plan.is_lead(self._number) else [self._answer_all()]
        if self._number == 0:
            works.append(self._update_facts())
        self._tasks = [asyncio.ensure_future(self._reported(work)) for work in works]

    async def _reported(self, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception as error:
            self.record.mishaps.append(f"{self.desk.name}: {type(error).__name__} {error}")

    async def rest(self) -> None:
        """Finish what was begun, type a last draft into two chats, and leave it there without saving it by hand."""
        self.is_resting.set()
        await asyncio.gather(*self._tasks)
        if not self.plan.is_lead(self._number):
            for letters in ("没打完的字", "另一半"):
                self._next_chat()
                await self._type(f"{letters} {self._number}")
            self._edit(f"改到一半 {self._number}")
        await asyncio.sleep(SETTLED_SECONDS)
        self.record.drafts[self.desk.name] = {
            chat.id: (chat.query, chat.edited) for chat in self.desk.state.chat_tabs.chats if chat.is_drafting
        }

    async def _pause(self, mean: float) -> None:
        """Wait a random time; rest ends it."""
        seconds = min(self.chance.expovariate(1 / mean), 5 * mean) / self.plan.factor
        try:
            await asyncio.wait_for(self.is_resting.wait(), seconds)
        except TimeoutError:
            return

    # An agent

    async def _answer_all(self) -> None:
        for _number in range(pace.CHATS):
            self._welcome()
        await self._pause(pace.WAITING_SECONDS)
        while not self.is_resting.is_set():
            await self._answer()
            await self._pause(pace.WAITING_SECONDS)

    async def _answer(self) -> None:
        desk, chance = self.desk, self.chance
        self._next_chat()
        await self._pause(pace.READING_SECONDS)
        promises = chance.random() < pace.PROMISING
        if chance.random() < pace.MISSED:
            await self._type(NOTHING_FOUND + chance.choice(WORDS))
            await self._pause(pace.READING_SECONDS)
        await self._type(chance.choice(WORDS))
        desk.state.find(phrase_id="coupon" if promises else "status")
        desk.state.choose(0)
        desk.sync.save_soon()
        if not promises and chance.random() < pace.EDITED:
            await self._change_by_hand()
        await self._pause(pace.CHECKING_SECONDS)
        if self.is_resting.is_set():
            return
        await self._send(promises=promises)
        if chance.random() < pace.LEAVING:
            self._leave_chat()

    def _welcome(self) -> None:
        """Open a chat for the next customer; one that nobody has used yet serves first."""
        desk, state = self.desk, self.desk.state
        serial = f"{self._number}-{next(self._serial)}"
        if not state.is_unused:
            desk.go(state.open_chat)
        state.put(state.chat.with_customer(Customer(name=f"王女士{serial}", order=f"A{serial}", language="zh")))
        state.take_incident(self.chance.choice(state.incidents.open).id)
        desk.sync.save_soon()

    def _leave_chat(self) -> None:
        """Close the chat and take the next customer."""
        desk, chat = self.desk, self.desk.state.chat
        desk.go(lambda: desk.state.close_chat(chat.id))
        self._welcome()

    def _next_chat(self) -> None:
        desk = self.desk
        desk.go(lambda: desk.state.go(desk.state.chat_tabs.step(1)))

    async def _type(self, query: str) -> None:
        """Type letter by letter what stands in the search box afterwards."""
        for end in range(1, len(query) + 1):
            self.desk.state.type(query[:end])
            self.desk.sync.note_query(query[:end])
            await self._pause_between_letters()

    async def _pause_between_letters(self) -> None:
        await asyncio.sleep(self.chance.uniform(0.5, 1.5) * pace.LETTER_SECONDS / self.plan.factor)

    async def _change_by_hand(self) -> None:
        reply = self.desk.state.update_reply()
        if reply is None:
            return
        for letter in range(1, 20):
            self._edit(reply.text + "请放心。" * 5, keep=len(reply.text) + letter)
            await self._pause_between_letters()

    def _edit(self, text: str, keep: int | None = None) -> None:
        """Let the reply be this text, or the part of it that is typed so far."""
        state = self.desk.state
        phrase = state.phrase or state.library.get("status")
        if phrase is not None:
            incident = state.incident
            state.put(with_text(state.chat, text[:keep], phrase.id, incident.version if incident else 1))
            self.desk.sync.save_soon()

    async def _send(self, *, promises: bool) -> None:
        """Send the reply, as the desk does after its questions; the clipboard is left out."""
        desk, state = self.desk, self.desk.state
        chat, reply = state.chat, state.update_reply()
        if reply is None:
            return
        outgoing = await self._promise(chat, reply) if promises else OutgoingReply(reply.text)
        if outgoing is None:
            return
        sent = desk.services.sent_now(reply, outgoing.text, "native")
        if state.note_sent(chat, sent, is_holding=outgoing.is_holding):
            desk.sync.save_now()
            desk.go(state.find)
        screen = cast("DeskScreen", desk)  # of the screen, recording needs the worker, the state and the services
        desk.run_worker(record(screen, chat, reply, sent, outgoing.to_log), group="record")

    async def _promise(self, chat: Chat, reply: "Reply") -> OutgoingReply | None:
        """Ask what may be offered, and put the offer on the log before the customer hears of it."""
        desk, services = self.desk, self.desk.services
        typed = self._offer_typed(chat)
        new = services.compensation.new_offer(typed, op_id=new_op_id(), chat=chat, incident_id=chat.incident_id)
        scope = LimitScope(agent=desk.name, customer=new.customer, order=new.order, incident=new.incident_id)
        with suppress(AgentAssistError):  # then the form says less
            await desk.worker.do(lambda: services.compensation.preview(scope, new.tier))
        await self._pause(pace.CHECKING_SECONDS)
        try:
            recorded = await desk.worker.do(lambda: services.compensation.add(new))
        except (MaybeSaved, NotSaved, Unreachable):
            return OutgoingReply("稍后告诉您。", new, is_holding=True)
        except Refused as refused:
            self.record.mishaps.append(f"{desk.name}: an offer was refused: {refused}")
            return None
        if recorded.offer.state == "pending":
            return OutgoingReply("稍后告诉您。", is_holding=True, logged=recorded.offer)
        return OutgoingReply(reply.text, logged=recorded.offer)

    def _offer_typed(self, chat: Chat) -> dict[str, str]:
        chance = self.chance
        amount = chance.choice((30, 50)) if chance.random() < pace.ABOVE_RULE else chance.choice((5, 10, 20))
        reason = f"{self.desk.name} {next(self._serial)}"
        typed = {"kind": "coupon", "amount": str(amount), "sentence": "我们为您准备了一张优惠券。", "reason": reason}
        if chance.random() < pace.REPEATED:
            typed |= {"customer": "老顾客", "order": f"A{self._number}"}
        return typed

    async def _insist(self, work: Callable[[], T]) -> T:
        """Try the same again until the database has answered, as the desk does with what may be saved."""
        for wait in chain(AGAIN, repeat(PATIENTLY)):
            try:
                return await self.desk.worker.do(work)
            except (MaybeSaved, NotSaved, Unreachable):
                await asyncio.sleep(wait)
        raise AssertionError("it tries for ever")

    # A lead

    async def _update_facts(self) -> None:
        """Publish a new version of one incident after the other."""
        services = self.desk.services
        for number in count(1):
            await self._pause_exactly(self.plan.facts_minutes * 60)
            if self.is_resting.is_set():
                return
            incident = self.desk.state.incidents.open[number % pace.INCIDENTS]
            typed = {"scope": f"约 {number}% 用户无法登录", "cause": "数据库升级"}
            try:
                await self.desk.worker.do(
                    partial(services.update_incident, incident.id, typed, expected=incident.version)
                )
                await self._show_own_facts()
            except AgentAssistError:
                continue  # what was typed is shown again, with the reason

    async def _pause_exactly(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self.is_resting.wait(), seconds / self.plan.factor)
        except TimeoutError:
            return

    async def _show_own_facts(self) -> None:
        services, chats = self.desk.services, self.desk.state.chat_tabs.chats
        incidents = await self.desk.worker.do(lambda: read_incidents(services.store, services.clock(), chats))
        self.desk.post_message(FactsChanged(incidents))

    async def _decide(self) -> None:
        """Approve or decline what waits, one by one; several leads share it by the number of the offer."""
        services, leads = self.desk.services, self.plan.leads
        while not self.is_resting.is_set():
            await self._pause(pace.DECIDING_SECONDS)
            try:
                waiting = await self.desk.worker.do(lambda: services.store.page(OfferFilter(state="pending")))
            except AgentAssistError:
                continue
            mine = [offer for offer in waiting if offer.seq % leads == self._number]
            for offer in mine[-3:]:
                action: OfferAction = self.chance.choice(("approved", "approved", "declined"))
                await self._insist(
                    partial(services.compensation.decide, action, offer.id, op_id=new_op_id(), note="已核实")
                )

    async def _review(self) -> None:
        """Keep the review open, as `ReviewScreen` does: read all of it again shortly after news of the log."""
        self.desk.state.shows_log = True
        self.desk.log_changed.set()
        totals_worker = SerialWorker()
        while not self.is_resting.is_set():
            resting, news = (asyncio.ensure_future(one.wait()) for one in (self.is_resting, self.desk.log_changed))
            await asyncio.wait((resting, news), return_when=asyncio.FIRST_COMPLETED)
            await asyncio.sleep(NEWS_DELAY)
            self.desk.log_changed.clear()
            try:
                await self._read_review(totals_worker)
            except AgentAssistError:
                self.desk.log_changed.set()
                await asyncio.sleep(RETRY_DELAY)
            finally:
                resting.cancel()
                news.cancel()

    async def _read_review(self, totals_worker: SerialWorker) -> None:
        services, wanted = self.desk.services, Wanted(OfferFilter(), "incident", PAGE_SIZE, None, 0)
        found = await totals_worker.do(lambda: read_everything(services, wanted, lambda: True))
        if found is not None:
            now = time.monotonic()
            offers = (*found.page.waiting, *found.page.others)
            self.record.seen += [(("review", offer.id, 0), self.desk.name, now) for offer in offers]
