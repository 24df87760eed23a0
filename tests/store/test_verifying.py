"""Checking a long log: in batches, with progress, stopped and gone on with; never blind for what a full check sees."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.offers import Entry, Head
from agent_assist.offers.chain import values
from agent_assist.offers.sound_rows import SoundRows
from agent_assist.offers.verification import ChainCheck
from agent_assist.store import Store, ledger, log_check, open_store
from agent_assist.store.rows import EARLIEST_MICROS, LATEST_MICROS
from agent_assist.store.schema import offer_entries
from tests.offers.samples import AT, a_log, an_event, an_offer
from tests.store.test_decisions import a_deed
from tests.store.test_only_grows import by_hand

BATCH = 4


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_check, "_ENTRIES", log_check._ENTRIES.replace("LIMIT 2000", f"LIMIT {BATCH}"))


@pytest.fixture
def log(url: str, home: Path, small_batches: None) -> Iterator[Store]:
    """Ten entries: eight offers, the first of them adjusted and delivered."""
    store = open_store(url, home=home)
    for number in range(8):
        store.add_offer(an_offer(f"o{number}", customer=f"客户{number}"))
    store.decide(a_deed("adjusted", "1", kind="coupon", thing="杯子", sentence="改为杯子", note="客户要的"))
    store.decide(a_deed("delivered", "1", op_id="d"))
    yield store
    store.close()


def stopping_after(entries: int) -> Callable[[int, int], None]:
    def progress(done: int, _all: int) -> None:
        if done >= entries:
            raise KeyboardInterrupt

    return progress


def stopped(store: Store, entries: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        store.verify(progress=stopping_after(entries))


def tamper(url: str, statement: str) -> None:
    """Change the log as its owner, with the triggers out of the way."""
    with by_hand(url) as connection:
        if url.startswith("sqlite"):
            connection.exec_driver_sql("DROP TRIGGER offer_entries_update")
            connection.exec_driver_sql("DROP TRIGGER offer_texts_update")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        connection.exec_driver_sql(statement)


def test_a_check_says_how_far_it_is_and_reads_all_of_the_log(log: Store) -> None:
    seen: list[tuple[int, int]] = []
    result = log.verify(progress=lambda done, all_of_it: seen.append((done, all_of_it)))
    assert seen == [(4, 10), (8, 10), (10, 10), (10, 10)]
    assert (result.ok, result.entries, result.first, result.after) == (True, 10, 1, None)


def test_a_stopped_check_is_gone_on_with_where_it_was_stopped(log: Store) -> None:
    stopped(log, 4)
    result = log.verify(go_on=True)
    assert (result.ok, result.first, result.entries) == (True, 5, 10)
    log.add_offer(an_offer("later"))
    again = log.verify(go_on=True)
    assert (again.ok, again.first, again.entries, again.head) == (True, 11, 11, log.head())
    assert log.verify(go_on=True).entries == 11


def test_without_a_check_before_going_on_means_all_of_it(log: Store) -> None:
    assert log.verify(go_on=True).first == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE offer_entries SET minor = 7 WHERE seq = 2",
        "UPDATE offer_texts SET text = '别人' WHERE seq = 2 AND name = 'customer'",
        "UPDATE offer_texts SET name = 'note' WHERE seq = 2 AND name = 'reason'",
    ],
)
def test_what_was_changed_before_a_checkpoint_is_found_by_a_full_check_only(
    log: Store, url: str, statement: str
) -> None:
    assert log.verify().ok
    tamper(url, statement)
    log.add_offer(an_offer("later"))
    going_on = log.verify(go_on=True)
    assert (going_on.ok, going_on.first) == (True, 11)
    full = log.verify()
    assert (full.ok, full.bad_seq, full.first) == (False, 2, 1)
    assert log.verify(go_on=True).bad_seq == 2, "after a finding there is no checkpoint"


def test_a_log_that_was_rewritten_up_to_the_checkpoint_is_found_by_going_on(log: Store, url: str, home: Path) -> None:
    assert log.verify().ok
    for head_file in home.glob("*.head"):
        head_file.unlink()
    tamper(url, "UPDATE offer_entries SET hash = op_id WHERE seq = 10")
    result = log.verify(go_on=True)
    assert (result.ok, result.bad_seq) == (False, 10)


def test_a_log_cut_behind_the_checkpoint_is_found_by_going_on(log: Store, url: str, home: Path) -> None:
    assert log.verify().ok
    for head_file in home.glob("*.head"):
        head_file.unlink()
    with by_hand(url) as connection:
        if url.startswith("sqlite"):
            connection.exec_driver_sql("DROP TRIGGER offer_entries_delete")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        connection.exec_driver_sql("DELETE FROM offer_entries WHERE seq > 9")
    assert not log.verify(go_on=True).ok


def test_texts_that_were_erased_before_a_stop_are_explained_after_it(log: Store) -> None:
    log.erase("客户1", agent="老周", role="lead", reason="来信要求", at=AT)
    stopped(log, 4)
    assert log.verify(go_on=True).ok
    assert log.verify().ok


def test_a_text_that_is_no_utf8_is_a_finding_at_its_entry(sqlite_url: str, home: Path, small_batches: None) -> None:
    store = open_store(sqlite_url, home=home)
    for number in range(6):
        store.add_offer(an_offer(f"o{number}"))
    tamper(sqlite_url, "UPDATE offer_texts SET text = CAST(x'e5f1' AS TEXT) WHERE seq = 5 AND name = 'reason'")
    result = store.verify()
    assert (result.bad_seq, result.entries) == (5, 4)
    store.close()


def test_a_text_that_lies_elsewhere_than_its_entry_is_a_finding(
    sqlite_url: str, home: Path, small_batches: None
) -> None:
    store = open_store(sqlite_url, home=home)
    for number in range(6):
        store.add_offer(an_offer(f"o{number}"))
    tamper(sqlite_url, "UPDATE offer_texts SET rowid = 1000 WHERE seq = 2 AND name = 'reason'")
    assert not store.verify().ok
    store.close()


LOG = a_log(
    an_event("adjusted", kind="coupon", note="换成券"), an_event("approved", note="可以"), an_event("delivered")
)


def row_of(entry: Entry) -> tuple[Any, ...]:
    """Return the entry as its table holds it."""
    columns = {**values(entry), "format": entry.format, "hash": entry.hash}
    return tuple(columns[column.name] for column in offer_entries.columns)


ROWS = [row_of(entry) for entry in LOG]
TEXTS = [(entry.seq, name, text.salt, text.text) for entry in LOG for name, text in entry.texts.items()]
VALUES = st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.floats(), st.text(), st.binary(max_size=8))


def test_sound_rows_are_all_counted() -> None:
    sound = SoundRows(EARLIEST_MICROS, LATEST_MICROS)
    assert sound.count(ROWS, TEXTS, Head()) == (len(ROWS), len(TEXTS))
    assert sound.count(ROWS[:1], TEXTS[: len(LOG[0].texts)], Head()) == (1, len(LOG[0].texts))
    assert sound.count([], [], Head()) == (0, 0)


@settings(max_examples=400)
@given(data=st.data())
def test_what_is_passed_over_as_sound_is_sound(data: st.DataObject) -> None:
    """Whatever one value of the log is changed into: where the quick check is content, so is the careful one."""
    rows: list[list[Any]] = [list(row) for row in ROWS]
    texts: list[list[Any]] = [list(text) for text in TEXTS]
    table = data.draw(st.sampled_from([rows, texts]))
    changed = data.draw(st.sampled_from(table))
    place = data.draw(st.integers(0, len(changed) - 1))
    changed[place] = data.draw(st.one_of(VALUES, st.sampled_from([row[place] for row in table])))
    plain_rows, plain_texts = [tuple(row) for row in rows], [tuple(text) for text in texts]
    sound, opened = SoundRows(EARLIEST_MICROS, LATEST_MICROS).count(plain_rows, plain_texts, Head())
    careful = ChainCheck()
    for row in rows[:sound]:
        own = {name: (salt, text) for seq, name, salt, text in texts[:opened] if seq == row[0]}
        careful.add(ledger.entry_or_empty(row, own))
    assert not careful.is_over
    assert careful.last.seq == sound
