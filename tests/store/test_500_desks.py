"""500 agents with accounts of their own behind PgBouncer, on a server that allows 100 connections."""

import resource
import statistics
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from agent_assist.errors import AgentAssistError
from agent_assist.store import Store, open_store
from tests.offers.samples import an_offer
from tests.store.pooler import connections
from tests.store.test_contract import SENT, a_chat, an_incident
from tests.store.test_pooled_team import PooledTeam, pooled_team

AGENTS = 500
AT_ONCE = 10
"""How many of them serve a customer in the same moment; all of them share the processor of one test."""

ROUNDS = 5


class Desks:
    """The stores of all agents, each with a thread that waits for news as a desk does."""

    def __init__(self, stores: dict[str, Store]) -> None:
        self.stores = stores
        self.heard_at: dict[str, float] = {}
        self.refused: list[str] = []
        self.tried_again: list[str] = []
        self._is_over = threading.Event()
        self._threads = [threading.Thread(target=self._listen, args=(name,)) for name in stores]
        for thread in self._threads:
            thread.start()

    def _listen(self, name: str) -> None:
        while not self._is_over.is_set():
            try:
                news = self.stores[name].wait_for_change(1, agent=name, offers=())
            except AgentAssistError as error:
                self._note(error)
                continue
            if any(each.topic in ("incident", "anything") for each in news):
                self.heard_at.setdefault(name, time.monotonic())

    def _note(self, error: AgentAssistError) -> None:
        """A busy machine may let a desk try again; only who gets no connection was refused."""
        (self.refused if "no more connections" in str(error) else self.tried_again).append(str(error))

    def work(self, name: str) -> float:
        """What an agent does with one customer; the seconds it took."""
        begun = time.monotonic()
        store = self.stores[name]
        while not self.refused:
            try:
                store.incidents()
                store.save_chat(name, a_chat())
                store.record_sent(name, "c1", SENT, op_id=f"sent by {name}")
                store.add_offer(an_offer(f"of {name}", agent=name, customer=f"客户 {name}"))
                break
            except AgentAssistError as error:
                self._note(error)
        return time.monotonic() - begun

    def close(self) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()
        for store in self.stores.values():
            store.close()


def opened(team: PooledTeam, names: Sequence[str]) -> dict[str, Store]:
    urls = {name: team.add(name) for name in names}
    with ThreadPoolExecutor(16) as threads:
        return dict(zip(names, threads.map(lambda name: open_store(urls[name]), names), strict=True))


@pytest.mark.slow
@pytest.mark.process
@pytest.mark.parametrize("pool_size", ["1", "2"])
def test_500_agents_share_100_connections_and_none_is_refused(pool_size: str) -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with pooled_team(default_pool_size=pool_size) as team:
        assert team.admin.execute("SHOW max_connections").fetchone() == ("100",)
        lead = open_store(team.add("老周", "lead"))
        desks = Desks(opened(team, [f"客服{number}" for number in range(AGENTS)]))
        peak = 0
        try:
            begun = time.monotonic()
            with ThreadPoolExecutor(AT_ONCE) as threads:
                working = [threads.submit(desks.work, name) for name in desks.stores]
                while not all(each.done() for each in working):
                    peak = max(peak, connections(team.admin))
                    time.sleep(0.05)
            rate = AGENTS / (time.monotonic() - begun)
            seconds = sorted(each.result() for each in working)
            waits = published(lead, desks)
            time.sleep(10)
            idle = connections(team.admin)
        finally:
            desks.close()
        assert Counter(desks.refused) == {}
        assert len(lead.offers()) == AGENTS
        assert lead.verify().ok
        assert peak < 97
        lead.close()
    print(
        f"\n{AGENTS} agents, default_pool_size={pool_size}: at most {peak} connections to the server,"
        f" {idle} while idle; {AT_ONCE} at once: {rate:.0f} customers a second, p50 {statistics.median(seconds):.2f} s,"
        f" p95 {seconds[int(0.95 * AGENTS)]:.2f} s; news p50 {statistics.median(waits):.2f} s,"
        f" p95 {waits[int(0.95 * len(waits))]:.2f} s, max {waits[-1]:.2f} s;"
        f" tried again: {len(desks.tried_again)}"
    )


def published(lead: Store, desks: Desks) -> list[float]:
    """Publish facts a few times; after how many seconds each desk heard of it."""
    facts = lead.open_incident(msgspec.structs.replace(an_incident(), author="老周"))
    waits: list[float] = []
    for version in range(1, ROUNDS + 1):
        time.sleep(3)  # the news before is heard by all
        desks.heard_at.clear()
        begun = time.monotonic()
        lead.add_version(msgspec.structs.replace(facts, scope=f"版本 {version}"), expected=version)
        while len(desks.heard_at) < AGENTS and not desks.refused:
            assert time.monotonic() - begun < 120
            time.sleep(0.2)
        waits += [at - begun for at in desks.heard_at.values()]
    return sorted(waits)
