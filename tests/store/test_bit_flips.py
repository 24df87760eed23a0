"""A bit on the disk changes by itself: whatever it changes in the log is found."""

import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from agent_assist.errors import AgentAssistError
from agent_assist.offers import Money
from agent_assist.store import open_store
from tests.offers.samples import an_offer
from tests.store.test_decisions import WAITS, a_deed

SEED = 20261121


def a_log_on_disk(url: str, home: Path) -> None:
    store = open_store(url, home=home)
    for number in range(60):
        store.add_offer(an_offer(f"op-{number}", customer=f"客户{number}"), terms=WAITS if number % 3 else None)
    for number in range(1, 60, 3):
        store.decide(a_deed("approved", f"{number + 1}", note="同意"))
    store.decide(a_deed("adjusted", "1", kind="coupon", money=Money(700, "CNY")))
    store.erase("客户5", agent="老周", role="lead", reason="来信要求", at=an_offer().at)
    store.close()


def content(path: Path) -> Any:
    """What the two tables of the log hold, read without any of our code; None when SQLite itself refuses."""
    connection = sqlite3.connect(path)
    try:
        return [
            connection.execute("SELECT * FROM offer_entries NOT INDEXED ORDER BY rowid").fetchall(),
            sorted(connection.execute("SELECT * FROM offer_texts NOT INDEXED").fetchall(), key=repr),
        ]
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    finally:
        connection.close()


def is_found(url: str, home: Path) -> bool:
    """Whether opening or checking the log says that something is wrong."""
    try:
        store = open_store(url, home=home, read_only=True)
    except AgentAssistError:
        return True
    try:
        return not store.verify().ok
    except AgentAssistError:
        return True
    finally:
        store.close()


def says_integrity_check(path: Path) -> bool:
    connection = sqlite3.connect(path)
    try:
        return connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]
    except (sqlite3.Error, UnicodeDecodeError):  # its message quotes what it found
        return True
    finally:
        connection.close()


@pytest.mark.parametrize("flips", [150, pytest.param(5000, marks=pytest.mark.slow)])
def test_every_flip_that_changes_the_log_is_found(home: Path, sqlite_url: str, flips: int) -> None:
    """The control is in it: SQLite's own check misses some of them."""
    print(f"seed {SEED}")
    a_log_on_disk(sqlite_url, home)
    path, chance = home / "desk.db", random.Random(SEED)
    whole, sound = path.read_bytes(), content(home / "desk.db")
    assert not is_found(sqlite_url, home)
    changed = missed = unseen_by_sqlite = 0
    for _ in range(flips):
        place, bit = chance.randrange(len(whole)), chance.randrange(8)
        flipped = bytearray(whole)
        flipped[place] ^= 1 << bit
        path.write_bytes(flipped)
        if content(path) == sound:
            continue
        changed += 1
        unseen_by_sqlite += not says_integrity_check(path)
        missed += not is_found(sqlite_url, home)
    path.write_bytes(whole)
    print(f"{changed} of {flips} flips changed the log, integrity_check missed {unseen_by_sqlite}")
    assert missed == 0
    assert changed > flips / 10
    assert unseen_by_sqlite > changed / 4
