"""The log in the hands of somebody with SQL: what the database refuses, and what `verify` finds all the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from agent_assist.offers import Head
from agent_assist.offers.chain import chain_entry
from agent_assist.store import Store, open_store
from agent_assist.store.ledger import append
from tests.offers.samples import an_event, an_offer
from tests.store.test_contract import an_incident


@pytest.fixture
def store(url: str, home: Path) -> Iterator[Store]:
    """Three offers on record, of 王女士, 李先生 and 王女士."""
    opened = open_store(url, home=home)
    opened.open_incident(an_incident())
    opened.publish_policy("policy", author="老周", at=an_offer().at)
    for op_id, customer in (("a", "王女士"), ("b", "李先生"), ("c", "王女士")):
        opened.add_offer(an_offer(op_id, customer=customer))
    yield opened
    opened.close()


@contextmanager
def by_hand(url: str) -> Iterator[sa.Connection]:
    """A connection that knows nothing of the program."""
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def without_triggers(connection: sa.Connection) -> None:
    """What only the owner of the database can do."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET session_replication_role = replica")
        return
    for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


_REFUSED = [
    "UPDATE offer_entries SET minor = 1 WHERE seq = 2",
    "UPDATE offer_entries SET agent = 'x'",
    "DELETE FROM offer_entries WHERE seq = 3",
    "DELETE FROM offer_entries",
    "UPDATE offer_texts SET text = 'x'",
    "DELETE FROM offer_texts WHERE seq = 1",
    "DELETE FROM offer_texts",
    "INSERT INTO offer_texts VALUES (1, 'note', 'aa', 'x')",
    "INSERT INTO offer_texts VALUES (2, 'customer', 'aa', 'x')",
    "UPDATE incident_versions SET facts = '{}'",
    "DELETE FROM incident_versions",
    "UPDATE policy_versions SET text = 'x'",
    "DELETE FROM policy_versions",
]
_REFUSED_BY = {
    "postgresql": [
        "TRUNCATE offer_texts",
        "TRUNCATE offer_entries CASCADE",
        "TRUNCATE incident_versions",
        "TRUNCATE policy_versions",
    ],
    "sqlite": [  # REPLACE deletes without asking a DELETE trigger
        "INSERT OR REPLACE INTO offer_entries SELECT * FROM offer_entries WHERE seq = 2",
        "INSERT OR REPLACE INTO offer_texts SELECT seq, name, salt, 'x' FROM offer_texts WHERE seq = 3",
        "INSERT OR REPLACE INTO incident_versions SELECT * FROM incident_versions",
        "INSERT OR REPLACE INTO policy_versions SELECT * FROM policy_versions",
        "REPLACE INTO offer_entries SELECT 4, format, 'a', event, 4, at, agent, role, tier, incident, chat, kind,"
        ' minor, currency, duration_count, duration_unit, pending, rule, customer, "order", thing, sentence, reason,'
        " note, prev, hash FROM offer_entries WHERE seq = 1",
    ],
}


def test_entries_texts_and_facts_cannot_be_changed_replaced_or_deleted(store: Store, url: str) -> None:
    before = store.entries()
    for statement in _REFUSED + _REFUSED_BY[sa.make_url(url).get_backend_name()]:
        with pytest.raises(sa.exc.DBAPIError, match="only grows"), by_hand(url) as connection:
            connection.exec_driver_sql(statement)
    assert store.entries() == before
    assert store.verify().ok


def test_a_number_cannot_be_skipped(store: Store, url: str) -> None:
    entry = chain_entry(an_event("voided"), Head(store.head().seq + 1, store.head().hash))
    with pytest.raises(sa.exc.DBAPIError, match="only grows"), by_hand(url) as connection:
        append(connection, entry)


def test_texts_may_go_once_an_erasure_is_on_the_log(store: Store, url: str) -> None:
    with by_hand(url) as connection:
        append(connection, chain_entry(an_event("erased", note="客户要求"), store.head()))
        connection.exec_driver_sql("DELETE FROM offer_texts WHERE seq = 1")
    first, second, third = store.offers()
    assert (first.customer, first.sentence, first.money, first.erased) == ("", "", second.money, True)
    assert (second.customer, third.customer) == ("李先生", "王女士")
    assert store.verify().ok
    assert store.add_offer(an_offer("a")).already
    with pytest.raises(sa.exc.DBAPIError, match="only grows"), by_hand(url) as connection:
        connection.exec_driver_sql("DELETE FROM offer_texts WHERE seq = 2")


_EDITS: dict[str, Any] = {
    "format": 2,
    "op_id": "'x'",
    "event": "'voided'",
    "offer_seq": 1,
    "at": "at + 1",
    "agent": "'x'",
    "role": "'x'",
    "tier": "'x'",
    "incident": "'x'",
    "chat": "'x'",
    "kind": "'refund'",
    "minor": "minor + 1",
    "currency": "'USD'",
    "duration_count": 1,
    "duration_unit": "'day'",
    "pending": 1,
    "rule": "'x'",
    "customer": "'x'",
    "order": "'x'",
    "thing": "'x'",
    "sentence": "NULL",
    "reason": "''",
    "note": "'x'",
    "prev": "'x'",
    "hash": "'x'",
}


def test_the_owner_s_edit_of_any_column_is_found_at_its_entry(store: Store, url: str) -> None:
    found = {}
    for column, value in _EDITS.items():
        place: sa.ColumnClause[Any] = sa.column(column)
        second = sa.table("offer_entries", place, sa.column("seq"))
        with by_hand(url) as connection:
            without_triggers(connection)
            original = connection.scalar(sa.select(place).select_from(second).where(second.c.seq == 2))
            connection.execute(second.update().where(second.c.seq == 2).values({column: sa.text(str(value))}))
        found[column] = store.verify().bad_seq
        with by_hand(url) as connection:
            without_triggers(connection)
            connection.execute(second.update().where(second.c.seq == 2).values({column: original}))
    assert found == dict.fromkeys(_EDITS, 2)
    assert store.verify().ok


def test_every_column_of_an_entry_has_an_edit(store: Store, url: str) -> None:
    with by_hand(url) as connection:
        columns = {column["name"] for column in sa.inspect(connection).get_columns("offer_entries")}
    assert columns - {"seq"} == set(_EDITS)


@pytest.mark.parametrize(
    ("statement", "bad_seq"),
    [
        ("UPDATE offer_texts SET text = 'x' WHERE seq = 2 AND name = 'sentence'", 2),
        ("UPDATE offer_texts SET salt = 'x' WHERE seq = 2 AND name = 'sentence'", 2),
        ("UPDATE offer_texts SET name = 'note' WHERE seq = 2 AND name = 'sentence'", 2),
        ("DELETE FROM offer_texts WHERE seq = 2", 2),
        ("DELETE FROM offer_texts WHERE seq = 3; DELETE FROM offer_entries WHERE seq = 3", 3),
        ("DELETE FROM offer_texts WHERE seq = 1; DELETE FROM offer_entries WHERE seq = 1", 1),
        ("DELETE FROM offer_texts; DELETE FROM offer_entries", 1),
    ],
)
def test_what_the_owner_changes_in_texts_or_cuts_off_is_found(
    store: Store, url: str, statement: str, bad_seq: int
) -> None:
    with by_hand(url) as connection:
        without_triggers(connection)
        for part in statement.split(";"):
            connection.exec_driver_sql(part)
    verdict = store.verify()
    assert verdict.bad_seq == bad_seq
    assert f"#{bad_seq}" in verdict.reason or "missing" in verdict.reason


def test_an_entry_that_cannot_be_read_is_named_instead_of_ending_in_a_traceback(store: Store, url: str) -> None:
    with by_hand(url) as connection:
        without_triggers(connection)
        connection.exec_driver_sql("UPDATE offer_entries SET currency = 'ZZZ' WHERE seq = 2")
    assert "OFF-2" not in {offer.id for offer in store.offers()}
    assert [row.key for row in store.left_out() if row.table == "offer_entries"] == ["#2"]
    assert store.verify().bad_seq == 2


def test_what_the_head_outside_caught_stays_caught(store: Store, url: str) -> None:
    with by_hand(url) as connection:
        without_triggers(connection)
        connection.exec_driver_sql("DELETE FROM offer_texts WHERE seq = 3")
        connection.exec_driver_sql("DELETE FROM offer_entries WHERE seq = 3")
    for op_id in ("d", "e"):
        store.add_offer(an_offer(op_id))
    verdict = store.verify()
    assert verdict.bad_seq == 3
    assert "rewritten" in verdict.reason
