"""Limits: what counts, what is left, and that no race spends more than there is. The same on every engine."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from msgspec.structs import replace

from agent_assist.errors import Refused
from agent_assist.offers import Limit, LimitUsage, Money, Policy, PolicyConditions, Rule, Terms
from agent_assist.store import Store
from tests.offers.samples import AT, an_offer
from tests.store.test_decisions import a_deed

ANY: Any = {"coupon": "any", "refund": "any"}


def terms(repeat: bool = False, **limits: int) -> Terms:
    """Everything is allowed up to these sums, in fen; the day begins six hours before `AT`."""
    given: dict[Limit, int] = limits  # type: ignore[assignment]
    policy = Policy(rules=(Rule("all", ANY),), limits=given, repeat_needs_approval=repeat)
    return Terms(policy, PolicyConditions(), AT - dt.timedelta(hours=6))


def given(store: Store, **offer: Any) -> LimitUsage:
    return store.limit_usage(an_offer("x", **offer).scope, terms(per_incident=1)).usage


def test_every_agent_s_offers_count(store: Store) -> None:
    for number, agent in enumerate(("小李", "小陈", "小李")):
        store.add_offer(an_offer(f"{number}", agent=agent, money=Money(1000 + number, "CNY")))
    found = store.limit_usage(an_offer("x").scope, terms(per_incident=1))
    assert found.usage == LimitUsage(3003, 2002, 3003, to_customer=3)
    assert [offer.agent for offer in found.earlier] == ["小李", "小陈", "小李"]


def test_what_came_to_nothing_does_not_count_and_what_was_adjusted_counts_anew(store: Store) -> None:
    for number in range(6):
        waits = number in (2, 3)
        store.add_offer(
            an_offer(f"{number}", money=Money(10**number, "CNY")), terms=terms(per_incident=-1 if waits else 10**9)
        )
    store.decide(a_deed("voided", "1"))
    store.decide(a_deed("adjusted", "2", kind="coupon", money=Money(7_000_000, "CNY")))
    store.decide(a_deed("declined", "3"))
    store.decide(a_deed("approved", "4"))
    store.decide(a_deed("delivered", "5"))
    store.decide(a_deed("adjusted", "6", kind="coupon", thing="杯子"))
    assert given(store) == LimitUsage(7_011_000, 7_011_000, 7_011_000, to_customer=4)


def test_what_waits_uses_up_nothing_until_it_is_approved(store: Store) -> None:
    limit = terms(per_incident=500, per_agent_and_day=500, per_customer_and_incident=500)
    store.add_offer(an_offer("a", money=Money(600, "CNY")), terms=limit)
    assert given(store) == LimitUsage(to_customer=1)
    assert store.add_offer(an_offer("b", money=Money(1, "CNY")), terms=limit).offer.state == "offered"
    store.decide(a_deed("approved", "1"))
    assert given(store) == LimitUsage(601, 601, 601, to_customer=2)
    recorded = store.add_offer(an_offer("c", money=Money(1, "CNY")), terms=limit)
    assert recorded.offer.state == "pending"
    assert "¥0 is left" in recorded.reasons[0]


@pytest.mark.parametrize(
    ("other", "counts", "why"),
    [
        ({}, (1, 1, 1), "the same customer, agent, day and incident"),
        ({"customer": "李先生", "order": "B2"}, (0, 1, 1), "another customer"),
        ({"customer": "李先生"}, (1, 1, 1), "the same order under another name"),
        ({"order": "B2"}, (0, 1, 1), "the same name with another order"),
        ({"order": ""}, (1, 1, 1), "the same name, order not known"),
        ({"customer": "", "order": ""}, (0, 1, 1), "nobody in particular"),
        ({"agent": "小陈"}, (1, 0, 1), "another agent"),
        ({"incident_id": "INC-2"}, (0, 1, 0), "another incident"),
        ({"incident_id": ""}, (0, 1, 0), "no incident"),
        ({"at": AT - dt.timedelta(hours=7)}, (1, 0, 1), "the day before"),
        ({"money": Money(5, "USD")}, (1, 0, 0), "another currency counts as an offer, not as a sum"),
        ({"money": None, "thing": "杯子"}, (1, 0, 0), "a thing has no amount"),
    ],
)
def test_what_counts_against_which_limit(
    store: Store, other: dict[str, Any], counts: tuple[int, int, int], why: str
) -> None:
    store.add_offer(an_offer(**{"money": Money(5, "CNY")} | other))
    found = given(store)
    assert (found.to_customer, found.per_agent_and_day // 5, found.per_incident // 5) == counts, why


def test_without_an_incident_the_day_stands_in_for_it(store: Store) -> None:
    store.add_offer(an_offer("a", incident_id="", at=AT - dt.timedelta(hours=7)))
    store.add_offer(an_offer("b", incident_id=""))
    found = given(store, incident_id="")
    assert (found.to_customer, found.per_customer_and_incident, found.per_incident) == (1, 2000, 0)


def test_an_adjusted_offer_does_not_count_against_itself(store: Store) -> None:
    limit = terms(per_incident=2000, per_customer_and_incident=2000, per_agent_and_day=2000, repeat=True)
    assert store.add_offer(an_offer(), terms=limit).offer.state == "offered"
    same = store.decide(a_deed("adjusted", op_id="a", kind="coupon", money=Money(2000, "CNY")), terms=limit)
    more = store.decide(a_deed("adjusted", op_id="b", kind="coupon", money=Money(2001, "CNY")), terms=limit)
    assert (same.offer.state, more.offer.state, more.offer.rule) == ("offered", "pending", "per_incident")


def test_a_second_offer_to_the_same_customer_waits_whoever_makes_it(store: Store) -> None:
    store.add_offer(an_offer(agent="小陈"), terms=terms(repeat=True))
    recorded = store.add_offer(an_offer("b"), terms=terms(repeat=True))
    assert (recorded.offer.state, recorded.offer.rule) == ("pending", "repeat")


def test_a_sum_beyond_64_bits_is_exact(store: Store) -> None:
    for number in range(3):
        store.add_offer(an_offer(f"{number}", money=Money(2**63 - 1, "CNY")))
    assert given(store).per_incident == 3 * (2**63 - 1)


def test_a_reply_with_a_promise_is_judged_too(store: Store) -> None:
    from tests.store.test_contract import SENT

    recorded = store.record_sent("小李", "c1", SENT, op_id="s1", offer=an_offer(), terms=terms(per_incident=1))
    assert recorded is not None
    assert recorded.offer.state == "pending"
    never = replace(terms(), policy=Policy(rules=(Rule("all", ANY),), never=("coupon",)))
    with pytest.raises(Refused):
        store.record_sent("小李", "c1", SENT, op_id="s2", offer=an_offer("b"), terms=never)
    assert store.record_sent("小李", "c1", SENT, op_id="s2") is None


@pytest.mark.parametrize("rounds", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_desks_that_race_never_offer_more_than_the_limit(opening: Callable[[], Store], rounds: int) -> None:
    desks = [opening() for _ in range(4)]
    for number in range(rounds):
        limit = terms(per_incident=1000)

        def race(worker: int, number: int = number, limit: Terms = limit) -> None:
            for turn in range(5):
                new = an_offer(
                    f"{number}-{worker}-{turn}",
                    incident_id=f"INC-{number}",
                    money=Money(300, "CNY"),
                    agent=f"agent {worker}",
                    customer="",
                    order="",
                )
                desks[worker].add_offer(new, terms=limit)

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(race, range(4)))
        states = [offer.state for offer in desks[0].offers(incident=f"INC-{number}")]
        assert (states.count("offered"), states.count("pending")) == (3, 17)
    for desk in desks:
        desk.close()


def test_the_proof_bites_looking_first_and_writing_later_spends_too_much(opening: Callable[[], Store]) -> None:
    """Control: every desk sees that there is room, and then all of them use it."""
    desks = [opening() for _ in range(4)]
    seen = Barrier(4)

    def race(worker: int) -> None:
        new = an_offer(f"{worker}", money=Money(300, "CNY"), customer="", order="")
        room = desks[worker].limit_usage(new.scope, terms(per_incident=1000)).usage.per_incident + 300 <= 1000
        seen.wait(30)
        if room:
            desks[worker].add_offer(new)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(race, range(4)))
    assert given(desks[0]).per_incident == 1200
    for desk in desks:
        desk.close()


@pytest.mark.parametrize("rounds", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_of_decisions_that_race_exactly_one_is_made(opening: Callable[[], Store], rounds: int) -> None:
    desks = [opening() for _ in range(4)]
    for number in range(rounds):
        waiting = desks[0].add_offer(an_offer(f"{number}"), terms=terms(per_incident=1)).offer

        def race(worker: int, offer: str = waiting.id) -> bool:
            agent = ("小李", "老周", "老吴", "老郑")[worker]  # the first is the author
            event: Any = ("approved", "approved", "declined", "declined")[worker]
            try:
                return desks[worker].decide(a_deed(event, offer, agent=agent)).already is False
            except Refused:
                return False

        with ThreadPoolExecutor(4) as threads:
            decided = list(threads.map(race, range(4)))
        assert (decided[0], sum(decided)) == (False, 1)
        assert len(desks[0].entries(waiting.id)) == 2
    for desk in desks:
        desk.close()
