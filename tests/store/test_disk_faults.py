"""The disk fails, fills up or loses power under the store: nothing acknowledged is lost, nothing is half there."""

import contextlib
import random
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent_assist.errors import AgentAssistError, MaybeSaved, NotSaved, Unreachable
from agent_assist.store import open_store
from agent_assist.store.engines.sqlite import SqliteDatabase
from tests.offers.samples import an_offer

apsw = pytest.importorskip("apsw")
from tests.store.faulty_disk import Disk, Mounted, spilled  # noqa: E402

SEED = 20261121


@pytest.fixture
def monkey() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as context:
        yield context


def cut_power(home: Path, blank: Path, chance: random.Random, synchronous: str = "") -> tuple[int, int, bool]:
    """Add offers until the power goes at some call; then how many were acknowledged, how many of those are lost, and
    whether the log is sound."""
    for path in home.iterdir():
        path.unlink()
    db = home / "desk.db"
    shutil.copy(blank, db)
    disk = Disk()
    disk.put(str(db), db.read_bytes())
    acknowledged = []
    with pytest.MonkeyPatch.context() as monkey:
        mounted = Mounted(disk, monkey)
        if synchronous:
            connect = SqliteDatabase._connect

            def careless(database: SqliteDatabase) -> object:
                connection = connect(database)
                connection.execute(f"PRAGMA synchronous = {synchronous}")
                return connection

            monkey.setattr(SqliteDatabase, "_connect", careless)
        store = open_store(f"sqlite:///{db}", home=home)
        last = disk.calls + chance.randrange(1, 140)
        disk.fails = lambda call, _what: call >= last
        for number in range(12):
            try:
                store.add_offer(an_offer(f"op-{number}", customer=f"c{number}"))
            except AgentAssistError:
                break
            acknowledged.append(f"c{number}")
        found = disk.after_a_cut(chance)
        with contextlib.suppress(sqlite3.Error, apsw.Error):  # the disk is gone
            store.close()
        mounted.unmount()
    for path in home.iterdir():
        path.unlink()
    spilled(found, home)
    try:
        again = open_store(f"sqlite:///{db}", home=home)
        kept = {offer.customer for offer in again.offers()}
        sound = again.verify().ok
        again.close()
    except AgentAssistError:
        return len(acknowledged), len(acknowledged), False
    return len(acknowledged), len(set(acknowledged) - kept), sound


@pytest.mark.parametrize("cuts", [30, pytest.param(3000, marks=pytest.mark.slow)])
def test_a_power_cut_loses_nothing_that_was_acknowledged(home: Path, blank_file: Path, cuts: int) -> None:
    print(f"seed {SEED}")
    chance = random.Random(SEED)
    outcomes = [cut_power(home, blank_file, chance) for _ in range(cuts)]
    assert sum(acknowledged for acknowledged, _lost, _sound in outcomes) > cuts / 2
    assert [(lost, sound) for _acknowledged, lost, sound in outcomes] == [(0, True)] * cuts


def test_the_proof_bites_without_syncs_a_power_cut_loses(home: Path, blank_file: Path) -> None:
    """Control: SQLite's own default for a journal that is removed (FULL), and no syncs at all (OFF)."""
    for synchronous, cuts in (("FULL", 60), ("OFF", 30)):
        chance = random.Random(SEED)
        outcomes = [cut_power(home, blank_file, chance, synchronous) for _ in range(cuts)]
        assert any(lost or not sound for _acknowledged, lost, sound in outcomes), synchronous


@pytest.mark.parametrize("what", ["any", "write", "sync"])
@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_whichever_call_to_the_disk_fails_it_is_said_and_the_next_offer_is_saved(
    home: Path, blank_file: Path, monkey: pytest.MonkeyPatch, what: str, step: int
) -> None:
    db = home / "desk.db"
    disk = Disk()
    disk.put(str(db), blank_file.read_bytes())
    shutil.copy(blank_file, db)
    mounted = Mounted(disk, monkey)
    store = open_store(f"sqlite:///{db}", home=home)
    store.add_offer(an_offer("first"))
    before = disk.calls
    store.add_offer(an_offer("second"))
    calls_of_one = disk.calls - before
    said, saved = 0, 2
    for nth in range(1, calls_of_one + 1, step):
        target = disk.calls + nth
        disk.fails = lambda call, kind, target=target: call == target and what in ("any", kind)  # type: ignore[misc]
        try:
            store.add_offer(an_offer(f"at {nth}"))
        except (NotSaved, MaybeSaved, Unreachable):
            said += 1
        assert len(store.offers()) >= saved  # reading goes on
        disk.fails = lambda _call, _kind: False
        store.add_offer(an_offer(f"at {nth}"))  # the same op_id settles it
        saved += 1
        assert len(store.offers()) == saved
    assert said > 0
    assert store.verify().ok
    store.close()
    mounted.unmount()


def test_a_full_disk_is_said_until_there_is_room_again(
    home: Path, blank_file: Path, monkey: pytest.MonkeyPatch
) -> None:
    db = home / "desk.db"
    disk = Disk()
    disk.put(str(db), blank_file.read_bytes())
    shutil.copy(blank_file, db)
    mounted = Mounted(disk, monkey)
    store = open_store(f"sqlite:///{db}", home=home)
    store.add_offer(an_offer("before"))
    disk.fails = lambda _call, what: what in ("write", "create")
    for _try in range(3):
        with pytest.raises(AgentAssistError, match="Not saved"):
            store.add_offer(an_offer("while full"))
        assert len(store.offers()) == 1
    disk.fails = lambda _call, _what: False
    assert store.add_offer(an_offer("while full")).offer.seq == 2
    assert store.verify().ok
    store.close()
    mounted.unmount()
