"""What one agent does costs the other desks nothing that they do not show: counted on the wire of each desk."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec
import psycopg
import pytest
from msgspec.structs import replace

from agent_assist.store import Store, open_store, sql
from agent_assist.store.engines import listener
from agent_assist.store.engines.postgres import LOCK_KEY
from agent_assist.store.news import ANYTHING
from agent_assist.tui.desk.sync import PollIntervals
from tests.offers.samples import an_offer
from tests.store.counting_proxy import CountingProxy
from tests.tui.standing import INCIDENT, PATIENCE, Standing, chat, desk

QUIET_SECONDS = 1.6
"""So long no desk must have begun a transaction before it is taken to be done; their polls are switched off."""

AUTHOR, COLLEAGUE, LEAD = "小李", "小陈", "老周"


class Room(msgspec.Struct):
    """The desks of a team: an author's, a colleague's, and a lead's with the review open."""

    desks: dict[str, Standing]
    proxies: dict[str, CountingProxy]
    elsewhere: Store
    """Another machine, on which everybody's colleagues work."""

    async def cost(self, work: Callable[[], Awaitable[None]]) -> dict[str, int]:
        """Return how many transactions each desk did meanwhile and until all were quiet again."""
        await self._quiet()
        before = self._counts()
        await work()
        await self._quiet()
        after = self._counts()
        return {name: after[name] - before[name] for name in after}

    def _counts(self) -> dict[str, int]:
        return {name: proxy.transactions for name, proxy in self.proxies.items()}

    async def _quiet(self) -> None:
        deadline = time.monotonic() + PATIENCE
        counts, since = self._counts(), time.monotonic()
        while time.monotonic() - since < QUIET_SECONDS:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.05)
            if (now := self._counts()) != counts:
                counts, since = now, time.monotonic()


@pytest.fixture
def proxies(postgres_url: str) -> Iterator[dict[str, CountingProxy]]:
    made = {name: CountingProxy(postgres_url) for name in (AUTHOR, COLLEAGUE, LEAD)}
    yield made
    for proxy in made.values():
        proxy.close()


@asynccontextmanager
async def room(
    home: Path, url: str, proxies: dict[str, CountingProxy], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Room]:
    monkeypatch.setattr(listener, "HEARTBEAT_SECONDS", 3600)
    monkeypatch.setattr("agent_assist.tui.desk.store_watch.DRAFT_RETRY_INTERVAL", 3600)
    elsewhere = open_store(url)
    elsewhere.open_incident(INCIDENT)
    for number, name in enumerate(proxies):
        elsewhere.save_chat(name, chat(f"顾客{number}", 0, id=f"chat of {name}"))
    elsewhere.add_offer(replace(an_offer("first"), agent=COLLEAGUE))
    async with AsyncExitStack() as stack:
        desks = {}
        for name, proxy in proxies.items():
            store = open_store(proxy.url)
            stack.callback(store.close)
            given = {"database": proxy.url, "agent": name, "intervals": PollIntervals(uses=3600)}
            desks[name] = await stack.enter_async_context(desk(home / name, store, **given))  # type: ignore[arg-type]
        await desks[LEAD].press("alt+v")
        await desks[LEAD].until("1 of 1")
        yield Room(desks, proxies, elsewhere)
    elsewhere.close()


async def test_what_the_others_do_costs_a_desk_what_it_shows_of_it(
    tmp_path: Path, postgres_url: str, proxies: dict[str, CountingProxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room(tmp_path, postgres_url, proxies, monkeypatch) as team:
        author = team.desks[AUTHOR]

        async def type_letters() -> None:
            await author.type("yanzhengma")
            await until_saved(team, "yanzhengma")

        async def send() -> None:
            await author.press("enter")
            await until_saved(team, "")

        async def offer() -> None:
            before = team.proxies[AUTHOR].transactions
            await asyncio.to_thread(team.elsewhere.add_offer, replace(an_offer("second"), agent=AUTHOR))
            await until(lambda: team.proxies[AUTHOR].transactions > before)
            await team.desks[LEAD].until("2 of 2")

        async def facts() -> None:
            await asyncio.to_thread(
                team.elsewhere.add_version, replace(INCIDENT, id="INC-1", scope="约 20%"), expected=1
            )
            await until(lambda: {version(at) for at in team.desks.values()} == {2})

        table = {
            "a letter typed": await team.cost(type_letters),
            "a reply sent": await team.cost(send),
            "an offer": await team.cost(offer),
            "an update of the facts": await team.cost(facts),
        }
        for what, counts in table.items():
            print(f"{what:24}", "  ".join(f"{name} {count}" for name, count in counts.items()))
        assert len(author.screen.state.chat.sent) == 1
        await team.desks[LEAD].until("2 of 2")
    for typed in ("a letter typed", "a reply sent"):
        assert {table[typed][name] for name in (COLLEAGUE, LEAD)} == {0}
    assert table["an offer"] == {AUTHOR: 1, COLLEAGUE: 0, LEAD: 1}
    assert table["an update of the facts"] == dict.fromkeys(proxies, 1)


async def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


async def until_saved(team: Room, query: str) -> None:
    """Wait until the server has what the author typed."""
    await until(lambda: [one.query for one in team.elsewhere.open_chats(AUTHOR)] == [query])


def version(at: Standing) -> int:
    """The version of the facts that a desk shows."""
    incident = at.screen.state.incident
    return incident.version if incident else 0


async def test_no_letter_waits_for_the_lock_of_the_log(
    tmp_path: Path, postgres_url: str, proxies: dict[str, CountingProxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with room(tmp_path, postgres_url, proxies, monkeypatch) as team:
        with psycopg.connect(postgres_url) as other:
            other.execute(f"SELECT pg_advisory_xact_lock({LOCK_KEY})")
            await team.desks[AUTHOR].type("yanzhengma")
            await until_saved(team, "yanzhengma")
            await team.desks[AUTHOR].press("enter")
            await until_saved(team, "")
            await until(lambda: bool(team.elsewhere.open_chats(AUTHOR)[0].sent))


async def test_the_count_bites(
    tmp_path: Path, postgres_url: str, proxies: dict[str, CountingProxy], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control: with news that does not say what changed, as it once was, each desk reads everything again."""
    async with room(tmp_path, postgres_url, proxies, monkeypatch) as team:
        monkeypatch.setattr(sql, "News", lambda *_what: ANYTHING)

        async def type_letters() -> None:
            await team.desks[AUTHOR].type("yanzhengma")
            await until_saved(team, "yanzhengma")

        counts = await team.cost(type_letters)
        print(counts)
        assert counts[COLLEAGUE] >= 3
        assert counts[LEAD] >= 3
