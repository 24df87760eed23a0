"""What one agent does costs the other desks of a team nothing that they do not show."""

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from types import SimpleNamespace
from typing import Any, cast

import msgspec
import psycopg
import pytest

from agent_assist.store import Store, open_store
from agent_assist.store.engines import listener, offer_poll
from agent_assist.store.engines.listener import _channel_of
from agent_assist.store.news import ANYTHING, MAX_PAYLOAD, News, decode, encode
from agent_assist.tui.background import SerialWorker
from agent_assist.tui.desk import store_watch
from agent_assist.tui.desk.incident_snapshot import IncidentSnapshot
from agent_assist.tui.desk.messages import FactsChanged, NewsHeard
from agent_assist.tui.desk.store_watch import StoreWatch
from tests.offers.samples import an_offer
from tests.store.test_contract import NOW, SENT, a_chat, an_incident


class Desk:
    """A desk without a screen: what it was told, and how many transactions it began because of others."""

    def __init__(self, store: Store, agent: str) -> None:
        self.store, self.agent, self.transactions = store, agent, 0
        self.messages: list[object] = []
        database = cast("Any", store).database
        checkout = database._checkout

        def counted(*given: Any, **more: Any) -> Any:
            self.transactions += 1
            return checkout(*given, **more)

        database._checkout = counted
        self.state = SimpleNamespace(
            store_error="", incidents=IncidentSnapshot(), chat_tabs=SimpleNamespace(chats=()), shows_log=False
        )
        services = SimpleNamespace(
            store=store,
            clock=lambda: NOW,
            settings=SimpleNamespace(agent=agent, demo=False),
            context=SimpleNamespace(waiting_offers=set()),
        )
        host = SimpleNamespace(post_message=self.messages.append)
        self.saves = 0
        self.worker = SerialWorker()
        self.watch = StoreWatch(
            cast("Any", services),
            self.worker,
            cast("Any", self.state),
            cast("Any", host),
            save_drafts=self.save_drafts,
            read_chats=self.read_chats,
            uses_interval=3600,
        )
        self.watch._next_uses_at = float("inf")

    def save_drafts(self) -> None:
        self.saves += 1

    def read_chats(self) -> None:
        self.store.open_chats(self.agent)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        async def rounds() -> None:
            while True:
                await self.watch._poll()

        task = asyncio.create_task(rounds())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            self.worker.shutdown(lambda: None)


@pytest.fixture
def others(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> list[Desk]:
    monkeypatch.setattr(store_watch, "NEWS_SPREAD", 0.01)
    monkeypatch.setattr(store_watch, "CHANGE_TIMEOUT", 0.05)
    monkeypatch.setattr(listener, "HEARTBEAT_SECONDS", 3600)
    return [Desk(open_store(postgres_url), agent) for agent in ("小李", "小陈")]


async def cost(desks: list[Desk], work: Callable[[], object]) -> list[int]:
    """How many transactions each desk began while this was done elsewhere and afterwards."""
    async with desks[0].watching(), desks[1].watching():
        await asyncio.sleep(0.4)  # the first news of a new connection
        for desk in desks:
            desk.transactions = 0
        await asyncio.to_thread(work)
        await asyncio.sleep(0.4)
        counts = [desk.transactions for desk in desks]
    for desk in desks:
        desk.store.close()
    return counts


async def test_a_letter_a_sent_reply_and_a_search_cost_the_others_nothing(
    others: list[Desk], postgres_url: str
) -> None:
    mine = open_store(postgres_url)

    def work() -> None:
        for letters in range(1, 20):
            mine.save_chat("小王", msgspec.structs.replace(a_chat(), query="d" * letters))
        mine.record_sent("小王", "c1", SENT, op_id="s-1")
        mine.missed_search("小王", "发票", NOW)
        mine.close_chat("小王", "c1", NOW)

    assert await cost(others, work) == [0, 0]
    mine.close()


def heard_by(store: Store, agent: str, seconds: float = 0.3) -> list[News]:
    """What a store in the name of this agent hears until nothing more comes."""
    heard: list[News] = []
    while news := store.wait_for_change(seconds, agent=agent):
        heard += news
    return heard


def test_the_other_terminals_of_an_agent_hear_of_its_chats_and_nobody_else(postgres_url: str) -> None:
    mine, my_other, another = (open_store(postgres_url) for _ in range(3))
    for store, agent in ((mine, "小李"), (my_other, "小李"), (another, "小陈")):
        heard_by(store, agent)
    for write in (
        lambda: mine.save_chat("小李", a_chat()),
        lambda: mine.record_sent("小李", "c1", SENT, op_id="s-1"),
        lambda: mine.close_chat("小李", "c1", NOW),
    ):
        before = mine.change_token()
        write()
        assert heard_by(my_other, "小李") == [News("chat", agent="小李")]
        assert (heard_by(mine, "小李"), heard_by(another, "小陈")) == ([], [])
        assert mine.change_token() == before
    for store in (mine, my_other, another):
        store.close()


def test_a_chat_of_an_agent_with_one_terminal_notifies_no_one(postgres_url: str) -> None:
    """Each notification occupies every backend that listens to anything, which only the server sees."""
    mine, another = open_store(postgres_url), open_store(postgres_url)
    heard_by(mine, "小李")
    heard_by(another, "小陈")
    listening = cast("Any", another).database._listener._link.connection
    listening.execute("LISTEN " + _channel_of("小李"))  # but not as a terminal of that agent
    mine.save_chat("小李", a_chat())
    mine.record_sent("小李", "c1", SENT, op_id="s-1")
    assert list(listening.notifies(timeout=0.3, stop_after=1)) == []
    mine.close()
    another.close()


def test_a_second_terminal_that_came_or_went_is_noticed_at_the_next_save(postgres_url: str) -> None:
    mine, my_other = open_store(postgres_url), open_store(postgres_url)
    heard_by(mine, "小李")
    mine.save_chat("小李", a_chat())
    heard_by(my_other, "小李")
    mine.save_chat("小李", a_chat(query="denglu"))
    assert heard_by(my_other, "小李") == [News("chat", agent="小李")]
    my_other.close()
    mine.save_chat("小李", a_chat(query="zhifu"))
    assert heard_by(mine, "小李") == []
    mine.close()


async def test_new_facts_cost_each_desk_one_transaction_however_many_incidents_there_are(
    others: list[Desk], postgres_url: str
) -> None:
    mine = open_store(postgres_url)
    for number in range(5):
        mine.open_incident(an_incident(title=f"故障 {number}"))
    assert await cost(others, lambda: mine.add_version(an_incident(id="INC-3"), expected=1)) == [1, 1]
    assert all(isinstance(desk.messages[-1], FactsChanged) for desk in others)
    mine.close()


async def test_an_offer_is_read_again_on_the_desk_of_its_agent_only(others: list[Desk], postgres_url: str) -> None:
    mine = open_store(postgres_url)
    costs = await cost(others, lambda: mine.add_offer(msgspec.structs.replace(an_offer(), agent="小李")))
    assert costs == [1, 0]
    mine.close()


async def test_every_offer_is_news_where_a_review_shows_them(
    others: list[Desk], postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offer_poll, "POLL_SECONDS", 0.02)
    others[0].state.shows_log = True
    mine = open_store(postgres_url)
    assert await cost(others, lambda: mine.add_offer(an_offer(agent="小王"))) == [0, 0]
    heard = [[news for one in desk.messages if isinstance(one, NewsHeard) for news in one.news] for desk in others]
    assert (heard[0][-1], News("offer", "OFF-1", "小王") in heard[1]) == (News("offer", "OFF-1", "小王"), False)
    mine.close()


async def test_news_of_others_saves_no_draft(others: list[Desk], postgres_url: str) -> None:
    """Drafts have pauses of their own: else one update of the facts would make the whole team save at once."""
    mine = open_store(postgres_url)
    for desk in others:
        desk.watch._next_drafts_at = float("inf")
    assert await cost(others, lambda: mine.open_incident(an_incident())) == [1, 1]
    assert [desk.saves for desk in others] == [0, 0]
    mine.close()


def test_the_desks_of_a_team_do_not_come_back_in_the_same_moment() -> None:
    delays = sorted(store_watch.retry_delay() for _ in range(200))
    assert delays[-1] - delays[0] > store_watch.STORE_RETRY_DELAY / 2


def test_drafts_are_saved_while_the_log_is_locked_and_by_two_terminals_of_one_agent(postgres_url: str) -> None:
    here, there = open_store(postgres_url), open_store(postgres_url)
    with cast("Any", there).database.write(exclusive=True):
        here.save_chat("小李", a_chat())
        here.record_sent("小李", "c1", SENT, op_id="s-1")
        here.missed_search("小李", "发票", NOW)
    there.save_chat("小李", msgspec.structs.replace(a_chat(), query="您好"))
    assert [chat.query for chat in here.open_chats("小李")] == ["您好"]
    here.close()
    there.close()


def test_two_terminals_that_send_the_same_reply_record_it_once(postgres_url: str) -> None:
    stores = [open_store(postgres_url) for _ in range(4)]
    stores[0].save_chat("小李", a_chat())

    async def race() -> None:
        await asyncio.gather(
            *(asyncio.to_thread(store.record_sent, "小李", "c1", SENT, op_id="one") for store in stores)
        )

    asyncio.run(race())
    assert len(stores[0].open_chats("小李")[0].sent) == 1
    for store in stores:
        store.close()


def test_desks_that_wait_keep_one_connection_each(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent_assist.store.engines.postgres.IDLE_SECONDS", 0.1)
    desks = [open_store(postgres_url) for _ in range(4)]
    for number, desk in enumerate(desks):
        desk.save_chat(f"客服{number}", a_chat())
        desk.open_incident(an_incident(title=f"故障 {number}"))
    with psycopg.connect(postgres_url, autocommit=True, application_name="counting") as server:
        until = time.monotonic() + 60
        while (held := _held(server)) != ["agent-assist listening"] * 4 and time.monotonic() < until:
            for desk in desks:
                desk.wait_for_change(0.05)
        assert held == ["agent-assist listening"] * 4
    assert desks[0].incident("INC-1").version == 1  # and connects again when it is asked
    for desk in desks:
        desk.close()


def _held(server: "psycopg.Connection[Any]") -> list[str]:
    """Which connections to this database the server counts, the asking one left out."""
    rows = server.execute(
        "SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    return [str(row[0]) for row in rows]


def test_news_says_what_changed(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offer_poll, "POLL_SECONDS", 0.02)
    here, there = open_store(postgres_url), open_store(postgres_url)
    while here.wait_for_change(0.1):
        pass
    there.open_incident(an_incident())
    there.add_offer(an_offer())
    there.publish_policy("", author="老周", at=NOW)
    heard: set[News] = set()
    while len(heard) < 3:
        heard |= {*here.wait_for_change(60)}
    assert heard == {News("incident", "INC-1"), News("offer", "OFF-1", an_offer().agent), News("policy")}
    here.close()
    there.close()


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "7",
        "x [1]",
        '7 {"a": 1}',
        '7 [["offer"]',
        '7 [["rumour", "", ""]]',
        '7 [["offer", "' + "9" * 300 + '", ""]]',
    ],
)
def test_what_nobody_of_ours_sent_is_only_a_hint_to_look(sent: str) -> None:
    assert decode(sent)[1] == (ANYTHING,)


def test_news_survives_the_way_there_whatever_the_names_are() -> None:
    news = (News("offer", "OFF-1", "小李'\\\"😀"), News("incident", "INC-2"))
    assert decode(f"12 {encode(news)}") == (12, news)
    assert decode(f"12 {encode([News('incident', 'x' * MAX_PAYLOAD)])}") == (12, (ANYTHING,))


def test_a_lost_notification_makes_the_desk_look_at_everything(postgres_url: str) -> None:
    here, there = open_store(postgres_url), open_store(postgres_url)
    while here.wait_for_change(0.1):
        pass
    cast("Any", here).database._listener._token -= 1  # as if one before had not come
    there.open_incident(an_incident())
    assert here.wait_for_change(2) == (ANYTHING,)
    here.close()
    there.close()


def test_histories_are_those_of_what_a_desk_shows(store: Store) -> None:
    day = dt.timedelta(days=1)
    long_ago = {"status": "resolved", "updated_at": NOW - 3 * day}
    old = store.open_incident(msgspec.structs.replace(an_incident(title="旧"), **long_ago))
    named = store.open_incident(msgspec.structs.replace(an_incident(title="会话提到的"), **long_ago))
    store.open_incident(an_incident(title="昨天恢复", status="resolved"))
    still = store.open_incident(an_incident(title="未恢复"))
    store.add_version(msgspec.structs.replace(still, scope="更多用户"), expected=1)
    shown = store.incident_histories(resolved_since=NOW - day, also=[named.id, "INC-99"])
    assert [[(one.title, one.version) for one in versions] for versions, _published in shown] == [
        [("未恢复", 1), ("未恢复", 2)],
        [("昨天恢复", 1)],
        [("会话提到的", 1)],
    ]
    assert old.id not in {versions[0].id for versions, _published in shown}
