"""Looking through the log: pages, conditions, sums and medians. The same on every engine."""

import datetime as dt
from typing import Any

import pytest

from agent_assist.offers import Duration, Median, Money, OfferFilter, Sum
from agent_assist.store import Store
from tests.offers.samples import AT, an_offer
from tests.store.test_decisions import WAITS, a_deed

SHANGHAI = dt.timezone(dt.timedelta(hours=8))


@pytest.fixture
def log(store: Store) -> Store:
    """Seven offers: 1 offered, 2 pending, 3 approved, 4 declined, 5 voided, 6 delivered, 7 adjusted to 5 元."""
    for number in range(1, 8):
        changes: dict[str, Any] = {"money": Money(number * 1000, "CNY"), "at": AT + dt.timedelta(hours=6 * number)}
        if number == 1:
            changes |= {"agent": "小陈", "incident_id": "INC-2", "kind": "refund", "tier": "VIP"}
        if number == 6:
            changes |= {"money": None, "kind": "extension", "duration": Duration(7, "day"), "customer": "李先生"}
        store.add_offer(an_offer(f"o{number}", **changes), terms=WAITS if number in (2, 3, 4) else None)
    store.decide(a_deed("approved", "3", note="老客户"))
    store.decide(a_deed("declined", "4"))
    store.decide(a_deed("voided", "5"))
    store.decide(a_deed("delivered", "6"))
    store.decide(a_deed("adjusted", "7", kind="credit", money=Money(500, "CNY"), sentence="给您 5 元"))
    return store


WANTED: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [7, 6, 5, 4, 3, 2, 1]),
    ({"state": "offered"}, [7, 1]),
    ({"state": "pending"}, [2]),
    ({"state": "approved"}, [3]),
    ({"state": "declined"}, [4]),
    ({"state": "voided"}, [5]),
    ({"state": "delivered"}, [6]),
    ({"state": "given"}, [7, 6, 3, 1]),
    ({"agent": "小陈"}, [1]),
    ({"incident": "INC-2"}, [1]),
    ({"tier": "VIP"}, [1]),
    ({"customer": "李先生"}, [6]),
    ({"order": "A123"}, [7, 6, 5, 4, 3, 2, 1]),
    ({"order": "A"}, []),
    ({"kind": "refund"}, [1]),
    ({"kind": "credit"}, [7]),
    ({"kind": "coupon"}, [5, 4, 3, 2]),
    ({"least": 4000}, [5, 4]),
    ({"most": 1000}, [7, 1]),
    ({"least": 500, "most": 500}, [7]),
    ({"currency": "CNY"}, [7, 5, 4, 3, 2, 1]),
    ({"currency": "USD"}, []),
    ({"text": "老客"}, [3]),
    ({"text": "5 元"}, [7]),
    ({"text": "%"}, []),
    ({"text": "a12"}, [7, 6, 5, 4, 3, 2, 1]),
    ({"since": AT + dt.timedelta(hours=36)}, [7, 6]),
    ({"until": AT + dt.timedelta(hours=12)}, [1]),
    ({"state": "given", "kind": "coupon", "least": 2500}, [3]),
]


def test_what_is_wanted_is_found_newest_first_and_counted(log: Store) -> None:
    for wanted, found in WANTED:
        assert [offer.seq for offer in log.page(OfferFilter(**wanted))] == found, wanted
        assert log.count(OfferFilter(**wanted)) == len(found), wanted


def test_pages_follow_each_other_without_gap(log: Store) -> None:
    first = log.page(OfferFilter(), limit=3)
    second = log.page(OfferFilter(), before_seq=first[-1].seq, limit=3)
    third = log.page(OfferFilter(), before_seq=second[-1].seq, limit=3)
    assert [offer.seq for offer in (*first, *second, *third)] == [7, 6, 5, 4, 3, 2, 1]


def test_a_page_shows_each_offer_as_it_stands(log: Store) -> None:
    assert log.page(OfferFilter()) == tuple(reversed(log.offers()))
    assert log.page(OfferFilter(state="approved"))[0].approved_by == "老周"


def test_sums_are_made_by_what_is_asked_and_things_are_counted(log: Store) -> None:
    given = OfferFilter(state="given")
    assert log.sums(given, "agent") == (
        Sum(key="小李", currency="", count=1, minor=0),
        Sum(key="小李", currency="CNY", count=2, minor=3500),
        Sum(key="小陈", currency="CNY", count=1, minor=1000),
    )
    assert {line.key: line.minor for line in log.sums(given, "kind")} == {
        "coupon": 3000,
        "credit": 500,
        "extension": 0,
        "refund": 1000,
    }
    assert {line.key: line.count for line in log.sums(OfferFilter(), "state")} == {
        "offered": 2,
        "pending": 1,
        "approved": 1,
        "declined": 1,
        "voided": 1,
        "delivered": 1,
    }
    assert [(line.key, line.count) for line in log.sums(OfferFilter(currency="CNY"), "incident")] == [
        ("INC-1", 5),
        ("INC-2", 1),
    ]
    assert [line.key for line in log.sums(OfferFilter(), "tier")] == ["VIP", "gold", "gold"]


def test_a_day_is_that_of_the_reader_s_zone(log: Store) -> None:
    days = [line.key for line in log.sums(OfferFilter(currency="CNY"), "day", SHANGHAI)]
    assert days == ["2026-11-20", "2026-11-21", "2026-11-22"]
    counts = [
        [line.count for line in log.sums(OfferFilter(), "day", zone) if line.currency] for zone in (SHANGHAI, dt.UTC)
    ]
    assert counts[0] != counts[1]


def test_medians_are_of_the_team_and_of_each_agent(log: Store) -> None:
    assert log.medians(OfferFilter(state="given")) == (
        Median(agent="", currency="CNY", count=3, minor=1000),
        Median(agent="小李", currency="CNY", count=2, minor=500),
        Median(agent="小陈", currency="CNY", count=1, minor=1000),
    )


def test_an_empty_log_has_nothing_to_show(opening: Any) -> None:
    empty = opening()
    assert (empty.page(OfferFilter(state="pending")), empty.count(OfferFilter()), empty.sums(OfferFilter(), "day")) == (
        (),
        0,
        (),
    )
    assert empty.medians(OfferFilter()) == ()
    empty.close()
