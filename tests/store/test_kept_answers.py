"""Answers that a store keeps are those that the database would give, whatever was written since, by whomever."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent_assist.offers import GroupBy, LimitScope, Money, OfferFilter
from agent_assist.store import Store, kept_answers, open_store
from tests.offers.samples import AT, an_offer
from tests.store.test_decisions import WAITS, a_deed
from tests.store.test_limits import terms
from tests.store.test_review import SHANGHAI

GROUPINGS: tuple[GroupBy, ...] = ("kind", "day", "state")
FILTERS = (
    OfferFilter(),
    OfferFilter(state="given"),
    OfferFilter(state="offered"),
    OfferFilter(state="pending"),
    OfferFilter(state="voided"),
    OfferFilter(agent="小陈"),
    OfferFilter(incident="INC-1", state="given", currency="CNY"),
    OfferFilter(kind="coupon", least=500, currency="CNY"),
    OfferFilter(since=AT, until=AT + dt.timedelta(hours=2)),
    OfferFilter(customer="王女士"),
    OfferFilter(order="A123"),
    OfferFilter(text="老客"),
)


def answers(store: Store) -> list[Any]:
    """Everything that may be kept."""
    given: list[Any] = [
        store.page(OfferFilter(state="pending")),
        store.page(OfferFilter(agent="小李", state="pending")),
    ]
    given += [
        store.limit_usage(LimitScope(agent="小李", incident=each), terms(per_incident=1)) for each in ("INC-1", "")
    ]
    for each in FILTERS:
        given += [store.count(each), store.medians(each)]
        given += [store.sums(each, by, SHANGHAI) for by in GROUPINGS]
    return given


WRITES: dict[str, Callable[[Store], object]] = {
    "an offer": lambda store: store.add_offer(an_offer("new", money=Money(900, "CNY"), agent="小陈")),
    "another currency": lambda store: store.add_offer(an_offer("usd", money=Money(5, "USD"), tier="VIP")),
    "one that waits": lambda store: store.add_offer(an_offer("waits"), terms=WAITS),
    "approved": lambda store: store.decide(a_deed("approved", "2", note="老客户")),
    "declined": lambda store: store.decide(a_deed("declined", "3")),
    "voided": lambda store: store.decide(a_deed("voided", "1")),
    "adjusted": lambda store: store.decide(a_deed("adjusted", "1", kind="credit", money=Money(100, "CNY"))),
    "delivered": lambda store: store.decide(a_deed("delivered", "1")),
    "erased": lambda store: store.erase("王女士", agent="老周", role="lead", reason="来信要求", at=AT),
    "nothing": lambda store: store.head(),
    "much": lambda store: [store.add_offer(an_offer(f"m{number}")) for number in range(6)],
}


@pytest.fixture
def desks(url: str, home: Path) -> Iterator[tuple[Store, Store]]:
    """Two stores on one log of three offers, two of which wait."""
    one, other = open_store(url, home=home), open_store(url, home=home)
    one.add_offer(an_offer("a"))
    one.add_offer(an_offer("b", at=AT + dt.timedelta(hours=3)), terms=WAITS)
    one.add_offer(an_offer("c", agent="小陈", customer="李先生", order="B2"), terms=WAITS)
    yield one, other
    one.close()
    other.close()


@pytest.mark.parametrize("write", WRITES)
def test_what_was_kept_is_what_the_database_says_after_a_write_of_another_desk(
    desks: tuple[Store, Store], url: str, home: Path, monkeypatch: pytest.MonkeyPatch, write: str
) -> None:
    monkeypatch.setattr(kept_answers, "MAX_NEW_OFFERS", 4)
    one, other = desks
    answers(one)
    WRITES[write](other)
    fresh = open_store(url, home=home)
    assert answers(one) == answers(fresh)
    WRITES["an offer"](one)
    assert answers(one) == answers(other)
    fresh.close()


def test_answers_of_a_log_that_was_replaced_are_dropped(desks: tuple[Store, Store], url: str, home: Path) -> None:
    one, other = desks
    before = answers(one)
    with other.database.write() as connection:  # type: ignore[attr-defined]
        tables = ("offer_texts", "offer_entries")
        if url.startswith("sqlite"):
            for trigger in ("offer_texts_delete", "offer_entries_delete"):
                connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        for table in tables:
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - our own names
    other.add_offer(an_offer("another log", money=Money(7, "CNY")))
    assert answers(one) != before
    assert answers(one) == answers(other)
    assert one.count(OfferFilter()) == 1
