"""The review: what waits is on top, a lead decides with few keys, nobody decides about their own, nothing is lost."""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual import events
from textual.widgets import TextArea

from agent_assist import locale
from agent_assist.errors import Unreachable
from agent_assist.offers import Money, NewEvent, NewOffer, Offer, OfferFilter, Terms
from agent_assist.offers.policy import Policy, PolicyConditions, Rule
from agent_assist.store import MemoryStore, Store
from agent_assist.store.news import News
from agent_assist.tui.desk.messages import StoreLost
from agent_assist.tui.review.screen import ReviewScreen
from tests.conftest import NOW
from tests.tui.standing import INCIDENT, NARROW, SMALL, WIDE, Standing, desk, filled

STRICT = Policy(
    rules=(Rule("small ones", {"coupon": Money(2000, "CNY"), "refund": Money(2000, "CNY")}),),
    repeat_needs_approval=False,
    limits={"per_incident": 100_000},
)
TERMS = Terms(STRICT, PolicyConditions("SEV1", 40), NOW - dt.timedelta(hours=14))


def offer(store: Store, amount: int, customer: str, agent: str = "阿杰", **more: Any) -> Offer:
    """An offer on record; above 20 yuan it waits for approval."""
    number = store.head().seq + 1
    given: dict[str, Any] = {
        "op_id": f"op-{number}",
        "agent": agent,
        "kind": "coupon",
        "sentence": f"{customer}，送您一张券。",
        "money": Money(amount * 100, "CNY"),
        "incident_id": "INC-1",
        "customer": customer,
        "at": NOW - dt.timedelta(minutes=200 - number),
    }
    return store.add_offer(NewOffer(**given | more), terms=TERMS).offer


def log() -> MemoryStore:
    """Twelve ordinary offers, three that wait and one of one's own that waits."""
    store = filled()
    for number in range(12):
        offer(store, 10 + number % 3, f"客户{number}", "小陈" if number % 4 == 0 else "阿杰")
    for name in ("王女士", "李先生", "陈女士"):
        offer(store, 60, name)
    offer(store, 50, "自己的", "小李")
    return store


class Reviewing(Standing):
    """A desk with the review open on it."""

    @property
    def review(self) -> ReviewScreen:
        screen = self.app.screen_stack[1]
        assert isinstance(screen, ReviewScreen)
        return screen

    async def settle(self) -> None:
        await super().settle()
        for _turn in range(100):
            if len(self.app.screen_stack) < 2 or not isinstance(self.app.screen_stack[1], ReviewScreen):
                return
            endless = ("command", "export", "watch")
            busy = [each for each in self.review.workers if each.is_running and each.group not in endless]
            if not busy and (self.review.state.totals is not None or self.review.state.store_error):
                break
            await self.pilot.pause(0.01)
        await self.pilot.pause()
        await self.review.worker.do(lambda: None)
        await self.pilot.pause()

    async def choose(self, customer: str) -> None:
        """Put the pointer on the offer to this customer."""
        place = [each.customer for each in self.review.state.offers].index(customer)
        self.review.go_to(place)
        await self.settle()


@asynccontextmanager
async def review(home: Path, store: Store | None = None, **more: Any) -> AsyncIterator[Reviewing]:
    async with desk(home, store or log(), **more) as at:
        reviewing = Reviewing(at.app, at.pilot, at.clock)
        await reviewing.press("alt+v")
        await reviewing.settle()
        yield reviewing


async def test_what_waits_is_on_top_and_the_rest_follows_newest_first(tmp_path: Path) -> None:
    async with review(tmp_path) as at:
        lines = at.seen.split("\n")
        waits = next(y for y, line in enumerate(lines) if "Waits for approval: 4" in line)
        others = next(y for y, line in enumerate(lines) if "All others, newest first" in line)
        assert [name in "\n".join(lines[waits:others]) for name in ("王女士", "李先生", "陈女士", "自己的")] == [
            True
        ] * 4
        assert "客户11" in lines[others + 1]
        assert "4 wait for approval" in at.seen


async def test_an_offer_is_approved_with_a_note_and_its_author_is_shown_who_did(tmp_path: Path) -> None:
    store = log()
    async with review(tmp_path, store) as at:
        await at.choose("王女士")
        await at.press("a")
        await at.type("ok")
        await at.press("ctrl+s")
        (approved,) = store.page(OfferFilter(customer="王女士"))
        assert (approved.state, approved.approved_by, approved.note) == ("approved", "小李", "ok")
        assert "OFF-13 is approved." in at.said
        assert "3 wait for approval" in at.seen


async def test_several_are_marked_and_declined_at_once_with_one_note(tmp_path: Path) -> None:
    store = log()
    async with review(tmp_path, store) as at:
        await at.press("m")
        assert "3 marked" in at.seen
        await at.press("d")
        assert "Decline 3 offers?" in at.seen
        assert "Together: ¥180" in at.seen
        await at.press("ctrl+s")
        assert "Say why" in at.seen
        await at.type("refunded")
        await at.press("ctrl+s")
        assert {one.customer for one in store.page(OfferFilter(state="declined"))} == {"王女士", "李先生", "陈女士"}
        assert "Declined: 3." in at.said


async def test_nobody_decides_about_their_own_and_the_reason_is_said(tmp_path: Path) -> None:
    store = log()
    async with review(tmp_path, store) as at:
        await at.choose("自己的")
        await at.press("a")
        assert "your own offer" in at.said
        assert store.count(OfferFilter(state="pending")) == 4


async def test_an_agent_may_look_and_is_told_why_keys_do_nothing(tmp_path: Path) -> None:
    store = log()
    store.role = lambda: "agent"  # type: ignore[method-assign]
    async with review(tmp_path, store) as at:
        assert "read only" in at.seen
        await at.press("a")
        assert "Only a lead approves or declines." in at.said
        assert "Approve" not in at.seen.split("\n")[-1]


async def test_when_somebody_else_decided_first_it_is_said_who(tmp_path: Path) -> None:
    store = log()
    async with review(tmp_path, store) as at:
        await at.choose("王女士")
        await at.press("a")
        event = NewEvent(
            op_id="faster", event="declined", offer="OFF-13", agent="老周", role="lead", note="退过了", at=NOW
        )
        store.decide(event)
        await at.press("ctrl+s")
        assert "老周 was faster: OFF-13 is declined. “退过了”" in at.said


async def test_the_desk_is_as_it_was_after_one_key(tmp_path: Path) -> None:
    async with desk(tmp_path, log()) as at:
        await at.type("denglu")
        await at.press("down", "alt+v")
        chosen = at.screen.state.chosen
        await at.press("escape")
        assert at.app.screen is at.screen
        assert (at.screen.state.chat.query, at.screen.state.chosen) == ("denglu", chosen)
        await at.type("x")
        assert at.screen.state.chat.query == "denglux"


async def test_the_filter_form_narrows_and_one_key_takes_it_back(tmp_path: Path) -> None:
    async with review(tmp_path) as at:
        await at.press("f")
        form = at.app.screen
        form.field("agent").control.value = "小陈"  # type: ignore[attr-defined]
        form.field("least").control.value = "11"  # type: ignore[attr-defined]
        await at.press("ctrl+s")
        assert [one.customer for one in at.review.state.offers] == ["客户8", "客户4"]
        assert "by 小陈" in at.seen
        assert "2 of 16" in at.seen
        await at.press("r")
        assert len(at.review.state.offers) == 16


async def test_one_key_keeps_to_the_incident_of_the_chosen_offer(tmp_path: Path) -> None:
    store = log()
    offer(store, 5, "别处", incident_id="INC-2")
    async with review(tmp_path, store) as at:
        await at.choose("别处")
        await at.press("i")
        assert [one.customer for one in at.review.state.offers] == ["别处"]
        await at.press("i")
        assert len(at.review.state.offers) == 17


async def test_sums_averages_and_the_share_of_the_budget_are_shown(tmp_path: Path) -> None:
    async with review(tmp_path) as at:
        assert "Sums by incident" in at.seen
        row = next(line for line in at.seen.split("\n") if "Together" in line)
        assert row.split("Together")[1].split()[:3] == ["12", "132", "11.00"], "what waits is promised to nobody yet"
        await at.press("s", "s")
        await at.settle()
        assert "Sums by person" in at.seen
        assert "Share of each incident's budget" in at.seen


async def test_an_offer_far_above_the_teams_usual_amount_stands_out(tmp_path: Path) -> None:
    async with review(tmp_path) as at:
        await at.choose("王女士")
        await at.until("times what the team usually gives")
        row = next(line for line in at.seen.split("\n") if "王女士" in line and "¥60" in line)
        assert "▲" in row


async def test_details_show_the_sentence_and_the_whole_history(tmp_path: Path) -> None:
    store = log()
    store.decide(NewEvent(op_id="a", event="approved", offer="OFF-13", agent="老周", role="lead", note="可以", at=NOW))
    async with review(tmp_path, store) as at:
        await at.choose("王女士")
        await at.press("enter")
        assert "王女士，送您一张券。" in at.seen
        assert "阿杰 · offered" in at.seen
        assert "老周 · approved" in at.seen
        assert "可以" in at.seen


async def test_an_adjustment_above_the_limit_waits_for_somebody_else(tmp_path: Path) -> None:
    store = log()
    async with review(tmp_path, store) as at:
        await at.choose("客户11")
        await at.press("e")
        form = at.app.screen
        form.field("amount").control.value = "9000"  # type: ignore[attr-defined]
        form.field("note").control.text = "等了两次"  # type: ignore[attr-defined]
        await at.press("ctrl+s")
        (adjusted,) = store.page(OfferFilter(customer="客户11"))
        assert (adjusted.money, adjusted.state) == (Money(900_000, "CNY"), "pending")
        assert "waits for approval by somebody else" in at.said


async def test_what_others_offer_appears_by_itself_and_the_pointer_stays(tmp_path: Path) -> None:
    store = log()
    async with review(tmp_path, store) as at:
        await at.choose("李先生")
        offer(store, 80, "新来的")
        await at.until("新来的")
        chosen = at.review.state.chosen
        assert chosen is not None
        assert chosen.customer == "李先生"


async def test_nothing_yet_and_nothing_found_say_what_to_do(tmp_path: Path) -> None:
    async with review(tmp_path, filled()) as at:
        assert "Nothing was offered yet." in at.seen
    async with review(tmp_path / "2") as at:
        await at.press("f")
        at.app.screen.field("text").control.value = "没有这个词"  # type: ignore[attr-defined]
        await at.press("ctrl+s")
        assert "No offer meets these conditions." in at.seen
        assert "R takes them all away" in at.seen


async def test_without_the_database_the_review_says_so_and_comes_back_by_itself(tmp_path: Path) -> None:
    class Moody(MemoryStore):
        is_away = False

        def page(self, *args: Any, **more: Any) -> tuple[Offer, ...]:
            if self.is_away:
                raise Unreachable("The server does not answer.")
            return super().page(*args, **more)

    store = Moody()
    async with review(tmp_path, store) as at:
        store.is_away = True
        await at.press("t")
        assert "! database not reachable" in at.seen
        assert "The database cannot be reached." in at.seen
        await at.press("f")
        assert "The database cannot be reached now." in at.said
        store.is_away = False
        await at.until("R takes them all away")


@pytest.mark.parametrize(
    ("size", "lang"), [(WIDE, "zh"), (NARROW, "zh"), (SMALL, "zh"), (NARROW, "en"), ((40, 10), "en"), ((30, 8), "zh")]
)
async def test_every_size_shows_something_whole(tmp_path: Path, size: tuple[int, int], lang: locale.Language) -> None:
    locale.use(lang)
    async with review(tmp_path, size=size) as at:
        assert len(at.seen.split("\n")) == size[1]
        await at.press("tab", "tab", "s", "down", "escape")
        if size[0] >= 40:
            assert "王女士" in at.seen or "自己的" in at.seen


async def test_a_hostile_name_is_shown_as_it_is(tmp_path: Path) -> None:
    store = filled()
    offer(store, 90, "[/退款] [red]x")
    async with review(tmp_path, store) as at:
        assert "[/退款]" in at.seen
        await at.press("enter")
        assert "[/退款] [red]x" in at.seen


async def test_an_export_writes_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    async with review(tmp_path) as at:
        await at.choose("王女士")
        await at.press("p", "o")
        assert "12 offers: by 阿杰" in at.seen
        form = at.app.screen
        form.field("format").control.choose(1)  # type: ignore[attr-defined]
        await at.press("ctrl+s")
        await at.until("Written:")
        (written,) = tmp_path.glob("offers-*.csv")
        assert written.read_text(encoding="utf-8-sig").count("阿杰") == 12


async def test_in_a_team_it_says_which_policy_its_budgets_are_of(tmp_path: Path) -> None:
    store = MemoryStore(is_team=True)
    store.open_incident(INCIDENT)
    offer(store, 5, "王女士")
    async with review(tmp_path, store) as at:
        await at.until("no policy published")
    store.publish_policy('currency = "CNY"\n[limits]\nper_incident = "100"\n', author="老周", at=NOW)
    async with review(tmp_path, store) as at:
        await at.until("policy v1")


async def test_what_is_typed_after_the_key_reaches_the_dialog_that_it_opens(tmp_path: Path) -> None:
    """Letters are keys on this screen: those of a note must not decide something else."""
    async with review(tmp_path) as at:
        await at.choose("王女士")
        await at.type("dexamined twice")
        assert "Decline OFF-" in at.seen
        assert at.app.screen.query_one(TextArea).text == "examined twice"


async def test_quitting_names_what_is_not_on_record_as_on_the_desk(tmp_path: Path) -> None:
    async with review(tmp_path) as at:
        at.screen.state.unrecorded["op"] = "王女士"
        await at.review.action_do("quit")
        await at.settle()
        assert "Leave before everything is on record?" in at.seen
        assert at.app.is_running


async def test_where_all_is_in_sight_the_key_that_changes_sides_says_so(tmp_path: Path) -> None:
    async with review(tmp_path) as at:
        await at.press("tab")
        assert at.said == "Offers, sums and charts are on the screen already."
        assert "Sums and charts" not in at.seen.split("\n")[-1]


async def test_news_that_came_together_is_one_read_and_news_of_other_things_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = log()
    async with review(tmp_path, store) as at:
        while at.review._news_timer is not None:  # what the review heard when it opened
            await asyncio.sleep(0.02)
        reads: list[int] = []

        def read_again() -> None:
            reads.append(1)
            at.review._news_timer = None

        monkeypatch.setattr(at.review, "_read_again", read_again)
        at.review.hear((News("incident", "INC-1"), News("chat", "c1", "小李")))
        assert at.review._news_timer is None
        for news in (News("offer", "OFF-1"), News("policy"), News("erased"), News("anything"), News("offer", "OFF-2")):
            at.review.hear((news,))
        while not reads:
            await asyncio.sleep(0.02)
        assert len(reads) == 1


async def test_while_the_database_is_away_the_review_says_so_and_reads_again_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent_assist.tui.review.screen.RETRY_DELAY", 0.05)
    async with review(tmp_path, log()) as at:
        at.screen.post_message(StoreLost("The server does not answer."))
        await at.until_said("The server does not answer.")
        await at.gone("! database not reachable")


async def test_what_comes_after_it_was_left_looks_for_no_widget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The widgets go one after the other; what a look at the store brings in between found the first ones gone."""
    async with review(tmp_path) as at:
        screen, shown = at.review, list[str]()
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        monkeypatch.setattr(
            screen, "totals_worker", SimpleNamespace(do=lambda _work: asyncio.shield(answer), shutdown=print)
        )
        screen._read_again()
        await asyncio.sleep(0)
        monkeypatch.setattr(screen, "show_head", lambda: shown.append("head"))
        screen.call_after_refresh(screen.show_head)
        screen.dismiss(None)
        answer.set_result(None)
        await at.pilot.pause()
        assert shown == []
        assert not screen.is_attached


async def test_a_key_that_says_the_same_again_and_again_shows_it_once(tmp_path: Path) -> None:
    async with desk(tmp_path, filled()) as at:
        await at.press("alt+v")
        shown: list[str] = []
        notify = at.app.notify

        def counted(message: str, **more: Any) -> None:
            shown.append(message)
            notify(message, **more)

        at.app.notify = counted  # type: ignore[method-assign]
        for _turn in range(30):
            key = events.Key("a", "a")
            key.set_sender(at.app)
            at.app.post_message(key)
        await at.until_said("There is no offer here.")
        await at.settle()
        assert 1 <= len(shown) <= 5
