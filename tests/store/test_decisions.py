"""What happens to offers after they were made: by whom, once, and never undone. The same on every engine."""

import datetime as dt
from typing import Any

import pytest

from agent_assist.errors import NotFound, Refused
from agent_assist.offers import Money, NewEvent, OfferAction, Policy, PolicyConditions, Rule, Terms
from agent_assist.store import Store
from tests.offers.samples import AT, an_offer

WAITS = Terms(Policy(rules=(Rule("none", {}),)), PolicyConditions(), AT)
"""Everything waits for approval."""


def a_deed(event: OfferAction, offer: str = "1", **changes: Any) -> NewEvent:
    """By 老周, a lead who made none of the offers."""
    given: dict[str, Any] = {"op_id": f"{event} {offer} {changes}", "agent": "老周", "role": "lead", "at": AT}
    return NewEvent(event=event, offer=offer, **given | changes)


def test_an_approval_is_on_record_with_who_and_why(store: Store) -> None:
    waiting = store.add_offer(an_offer(), terms=WAITS)
    assert (waiting.offer.state, waiting.offer.rule) == ("pending", "none")
    assert "does not allow" in waiting.reasons[0]
    recorded = store.decide(a_deed("approved", note="可以"))
    assert (recorded.offer.state, recorded.offer.approved_by, recorded.offer.note) == ("approved", "老周", "可以")
    assert store.offer("1") == recorded.offer
    entry = store.entries("1")[1]
    assert (entry.event, entry.role, entry.incident, entry.tier) == ("approved", "lead", "INC-1", "gold")
    assert store.verify().ok
    assert store.verify().head == store.head()


@pytest.mark.parametrize("agent", ["小李", " 小李 "])
@pytest.mark.parametrize("event", ["approved", "declined"])
def test_nobody_decides_about_their_own_offer(store: Store, event: OfferAction, agent: str) -> None:
    store.add_offer(an_offer(), terms=WAITS)
    with pytest.raises(Refused, match="your own"):
        store.decide(a_deed(event, agent=agent))
    assert len(store.entries()) == 1


def test_a_name_in_other_width_or_case_is_the_same_person(store: Store) -> None:
    store.add_offer(an_offer(agent="Li Wei"), terms=WAITS)
    for agent in ("li wei", "Ｌi　Ｗei"):
        with pytest.raises(Refused, match="your own"):
            store.decide(a_deed("approved", agent=agent))


def test_whoever_adjusted_an_offer_does_not_approve_it(store: Store) -> None:
    store.add_offer(an_offer(), terms=WAITS)
    adjusted = store.decide(a_deed("adjusted", kind="coupon", money=Money(9000, "CNY")), terms=WAITS).offer
    assert (adjusted.agent, adjusted.state, adjusted.money) == ("小李", "pending", Money(9000, "CNY"))
    with pytest.raises(Refused, match="your own"):
        store.decide(a_deed("approved"))
    assert store.decide(a_deed("approved", agent="老吴")).offer.approved_by == "老吴"


def test_only_a_lead_decides(store: Store) -> None:
    store.add_offer(an_offer(), terms=WAITS)
    with pytest.raises(Refused, match="Only a lead"):
        store.decide(a_deed("approved", role="agent"))


def test_agents_change_only_their_own_offers(store: Store) -> None:
    store.add_offer(an_offer())
    for action in (a_deed("voided", role="agent"), a_deed("adjusted", role="agent", money=Money(1, "CNY"))):
        with pytest.raises(Refused, match="小李"):
            store.decide(action)
    assert store.decide(a_deed("voided", agent="小李", role="agent")).offer.state == "voided"


_REFUSED: list[tuple[tuple[OfferAction, ...], OfferAction]] = [
    ((), "approved"),
    ((), "declined"),
    (("voided",), "voided"),
    (("voided",), "adjusted"),
    (("voided",), "delivered"),
    (("delivered",), "delivered"),
    (("delivered",), "adjusted"),
    (("delivered", "voided"), "delivered"),
]
_REFUSED_WAITING: list[tuple[tuple[OfferAction, ...], OfferAction]] = [
    ((), "delivered"),
    (("approved",), "approved"),
    (("approved",), "declined"),
    (("declined",), "approved"),
    (("declined",), "voided"),
    (("declined",), "adjusted"),
    (("voided",), "approved"),
]


@pytest.mark.parametrize(("before", "event"), _REFUSED)
def test_what_was_offered_ends_where_it_ended(
    store: Store, before: tuple[OfferAction, ...], event: OfferAction
) -> None:
    store.add_offer(an_offer())
    _refuses(store, before, event)


@pytest.mark.parametrize(("before", "event"), _REFUSED_WAITING)
def test_what_waits_is_decided_once(store: Store, before: tuple[OfferAction, ...], event: OfferAction) -> None:
    store.add_offer(an_offer(), terms=WAITS)
    _refuses(store, before, event)


def _refuses(store: Store, before: tuple[OfferAction, ...], event: OfferAction) -> None:
    for earlier in before:
        store.decide(a_deed(earlier))
    count = len(store.entries())
    with pytest.raises(Refused):
        store.decide(_stated(event))
    assert len(store.entries()) == count


def _stated(event: OfferAction) -> NewEvent:
    promise: dict[str, Any] = {"kind": "coupon", "money": Money(1, "CNY")} if event == "adjusted" else {}
    return a_deed(event, op_id="the last", **promise)


def test_what_was_delivered_is_voided_by_a_lead_only(store: Store) -> None:
    store.add_offer(an_offer())
    store.decide(a_deed("delivered"))
    with pytest.raises(Refused, match="only a lead voids"):
        store.decide(a_deed("voided", agent="小李", role="agent"))
    assert store.decide(a_deed("voided", note="退回")).offer.state == "voided"


def test_an_adjustment_within_the_policy_takes_a_waiting_offer_off_the_list(store: Store) -> None:
    terms = Terms(Policy(rules=(Rule("some", {"coupon": Money(1000, "CNY")}),)), PolicyConditions(), AT)
    assert store.add_offer(an_offer(), terms=terms).offer.state == "pending"
    offer = store.decide(a_deed("adjusted", kind="coupon", money=Money(1000, "CNY"), note="少些"), terms=terms).offer
    assert (offer.state, offer.rule, offer.money, offer.note) == ("offered", "", Money(1000, "CNY"), "少些")
    assert offer.sentence == an_offer().sentence


def test_an_approval_does_not_outlive_an_adjustment(store: Store) -> None:
    store.add_offer(an_offer(), terms=WAITS)
    store.decide(a_deed("approved", agent="老吴"))
    offer = store.decide(a_deed("adjusted", kind="coupon", money=Money(9000, "CNY")), terms=WAITS).offer
    assert (offer.state, offer.approved_by) == ("pending", "")


def test_what_the_policy_never_allows_is_not_adjusted_to(store: Store) -> None:
    store.add_offer(an_offer())
    never = Terms(Policy(rules=(Rule("all", {"gift": "any"}),), never=("gift",)), PolicyConditions(), AT)
    with pytest.raises(Refused, match="never allows"):
        store.decide(a_deed("adjusted", kind="gift", thing="杯子"), terms=never)
    with pytest.raises(Refused, match="never allows"):
        store.add_offer(an_offer("b", kind="gift", money=None, thing="杯子"), terms=never)
    assert len(store.entries()) == 1


def test_the_same_op_id_decides_once(store: Store) -> None:
    store.add_offer(an_offer(), terms=WAITS)
    store.add_offer(an_offer("b"), terms=WAITS)
    action = a_deed("approved", op_id="d1", note="可以")
    first = store.decide(action)
    again = store.decide(a_deed("approved", op_id="d1", note="可以", at=AT + dt.timedelta(minutes=1)))
    assert (first.already, again.already, again.offer) == (False, True, first.offer)
    for other in (
        a_deed("approved", "2", op_id="d1", note="可以"),
        a_deed("approved", op_id="d1", note="别的"),
        a_deed("declined", op_id="d1", note="可以"),
        a_deed("approved", op_id="op-1"),
    ):
        with pytest.raises(Refused, match="something else"):
            store.decide(other)
    with pytest.raises(Refused, match="something else"):
        store.add_offer(an_offer("d1"))
    assert len(store.entries()) == 3


def test_what_does_not_exist_or_says_nothing_is_refused(store: Store) -> None:
    store.add_offer(an_offer())
    with pytest.raises(NotFound):
        store.decide(a_deed("approved", "9"))
    for action in (
        a_deed("voided", agent=" "),
        a_deed("voided", money=Money(1, "CNY")),
        a_deed("adjusted"),
        a_deed("adjusted", money=Money(0, "CNY")),
    ):
        with pytest.raises(Refused):
            store.decide(action)
    assert len(store.entries()) == 1


def test_notes_are_cleaned_on_their_way_in(store: Store) -> None:
    store.add_offer(an_offer())
    assert "\x1b" not in store.decide(a_deed("voided", note="a\x1b[2J")).offer.note


def test_a_published_policy_is_kept_with_its_author_and_the_newest_counts(store: Store) -> None:
    assert store.policy() is None
    store.publish_policy("a", author="老周", at=AT)
    second = store.publish_policy("b", author="老吴", at=AT)
    assert (second.version, store.policy()) == (2, second)
