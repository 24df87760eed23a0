"""Many desks write at once: every offer is there once, the sequence has no gap, the chain holds."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from agent_assist.offers import OfferFilter
from agent_assist.store import open_store
from tests.store.adder import ROOM
from tests.store.test_decisions import a_deed
from tests.store.test_killed import ROOT

pytestmark = [pytest.mark.process, pytest.mark.skipif(not hasattr(os, "fork"), reason="the writers are forked")]

WRITERS = 8


@pytest.mark.parametrize("each", [6, pytest.param(500, marks=pytest.mark.slow)])
def test_eight_processes_lose_nothing_and_leave_no_gap(url: str, home: Path, each: int) -> None:
    command = [sys.executable, "-m", "tests.store.adder", url, str(home), "honest"]
    line = f"{WRITERS} writer 0 {each} -1\n"
    said = subprocess.run(command, cwd=ROOT, input=line, capture_output=True, text=True, check=True).stdout
    store = open_store(url, home=home)
    offers = store.offers()
    assert [offer.seq for offer in offers] == list(range(1, WRITERS * each + 1))
    assert said.count("ack ") == len({offer.customer for offer in offers}) == WRITERS * each
    verdict = store.verify()
    assert verdict.ok
    assert verdict.compared is not None
    store.close()


@pytest.mark.parametrize(("runs", "each"), [(1, 5), pytest.param(50, 20, marks=pytest.mark.slow)])
def test_eight_processes_never_offer_more_than_the_limit(url: str, home: Path, runs: int, each: int) -> None:
    command = [sys.executable, "-m", "tests.store.adder", url, str(home), "limited"]
    store = open_store(url, home=home)
    for run in range(runs):
        line = f"{WRITERS} run{run}- 0 {each} -1\n"
        done = subprocess.run(command, cwd=ROOT, input=line, capture_output=True, text=True, check=True)
        states = [offer.state for offer in store.offers() if offer.customer.startswith(f"run{run}-")]
        assert (states.count("offered"), len(states)) == (ROOM, done.stdout.count("ack "))
        # On a slow disk a writer may wait its ten seconds in vain; then it has said so, and nothing else ends one.
        ended = [line for line in done.stderr.splitlines() if line.startswith("agent_assist.errors.")]
        assert all("Not saved: another program keeps it busy" in line for line in ended)
        assert len(states) == WRITERS * each or ended
        for offer in store.page(OfferFilter(state="given"), limit=0):  # the next run finds the whole limit free
            store.decide(a_deed("voided", offer.id))
    assert store.verify().ok
    store.close()


def test_the_same_writers_with_deferred_transactions_would_lose(tmp_path: Path) -> None:
    """Control: read, then write in one deferred transaction, and the second writer is refused at once."""
    first, second = (sqlite3.connect(tmp_path / "control.db", timeout=0.1, isolation_level=None) for _ in range(2))
    first.execute("CREATE TABLE log (seq INTEGER PRIMARY KEY)")
    for connection in (first, second):
        connection.execute("BEGIN")
        connection.execute("SELECT max(seq) FROM log").fetchall()
    first.execute("INSERT INTO log VALUES (1)")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        second.execute("INSERT INTO log VALUES (1)")
    first.close()
    second.close()
