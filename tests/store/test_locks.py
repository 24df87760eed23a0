"""Which lock each write takes and what counts as a change, as the docstring of `store.protocol` says."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import cast

import pytest
from sqlalchemy.engine import Connection

from agent_assist.errors import Refused
from agent_assist.offers import NewEvent
from agent_assist.store import Store, open_store
from agent_assist.store.sql import SqlStore
from tests.offers.samples import an_offer
from tests.store.test_contract import A_NOTICE, AN_ANNOUNCEMENT, NOW, SENT, a_chat, an_incident

LOG_LOCK, OP_LOCK, NO_LOCK = (True, False), (False, True), (False, False)
"""Whether a write is exclusive, and whether it holds the lock of its `op_id`."""

PRIVATE = {"save_chat", "record_sent", "close_chat", "missed_search"}
"""Writes that no other desk hears of."""

WRITES: dict[str, tuple[tuple[bool, bool], Callable[[Store], object]]] = {
    "open_incident": (LOG_LOCK, lambda store: store.open_incident(an_incident())),
    "add_version": (LOG_LOCK, lambda store: store.add_version(an_incident(id="INC-1"), expected=1)),
    "save_chat": (NO_LOCK, lambda store: store.save_chat("小李", a_chat())),
    "record_sent": (OP_LOCK, lambda store: store.record_sent("小李", "c1", SENT, op_id="sent-1")),
    "record_sent with a first notice": (
        OP_LOCK,
        lambda store: store.record_sent("小李", "c1", SENT, op_id="sent-2", publication=A_NOTICE),
    ),
    "record_publication": (NO_LOCK, lambda store: store.record_publication(AN_ANNOUNCEMENT)),
    "close_chat": (NO_LOCK, lambda store: store.close_chat("小李", "c1", NOW)),
    "missed_search": (NO_LOCK, lambda store: store.missed_search("小李", "发票", NOW)),
    "add_offer": (LOG_LOCK, lambda store: store.add_offer(an_offer())),
    "decide": (
        LOG_LOCK,
        lambda store: store.decide(
            NewEvent(op_id="void-1", offer="OFF-1", event="voided", agent="老周", role="lead", at=NOW, note="typo")
        ),
    ),
    "publish_policy": (LOG_LOCK, lambda store: store.publish_policy("", author="老周", at=NOW)),
    "erase": (LOG_LOCK, lambda store: store.erase("王女士", agent="老周", role="lead", reason="mail", at=NOW)),
}
"""In an order in which each finds what it needs."""


def spied(store: SqlStore, monkeypatch: pytest.MonkeyPatch) -> list[tuple[bool, bool]]:
    """The lock of each write that follows."""
    taken: list[tuple[bool, bool]] = []
    write = cast("Callable[..., AbstractContextManager[Connection]]", store.database.write)

    @contextmanager
    def recording(*, exclusive: bool = False, op_id: str = "", **more: object) -> Iterator[Connection]:
        taken.append((exclusive, bool(op_id)))
        with write(exclusive=exclusive, op_id=op_id, **more) as connection:
            yield connection

    monkeypatch.setattr(store.database, "write", recording)
    return taken


def test_each_write_takes_the_lock_that_the_protocol_says(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = cast("SqlStore", open_store(sqlite_url))
    taken = spied(store, monkeypatch)
    for lock, write in WRITES.values():
        write(store)
        assert taken == [lock]
        taken.clear()
    store.close()


def test_only_what_others_may_see_counts_as_a_change(store: Store, request: pytest.FixtureRequest) -> None:
    for name, (_lock, write) in WRITES.items():
        before = store.change_token()
        write(store)
        is_told = name not in PRIVATE or "sqlite" in request.node.callspec.id
        assert (store.change_token() != before) is is_told, name


def test_a_refused_write_does_not_count_as_a_change(store: Store) -> None:
    store.open_incident(an_incident())
    before = store.change_token()
    with pytest.raises(Refused):
        store.open_incident(an_incident(id="INC-1"))
    assert store.change_token() == before


def test_a_repeated_op_id_is_no_change(store: Store) -> None:
    store.add_offer(an_offer())
    before = store.change_token()
    assert store.add_offer(an_offer()).already
    assert store.change_token() == before


def test_the_writers_own_desk_hears_of_its_change(store: Store) -> None:
    while store.wait_for_change(0.05):
        pass
    store.add_offer(an_offer())
    assert store.wait_for_change(5)
