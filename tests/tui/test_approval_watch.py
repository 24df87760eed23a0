"""No decision goes unheard: neither one that was quicker than the desk's next look, nor one that it could not read."""

import pytest

from agent_assist.errors import Unreachable
from agent_assist.offers import NewEvent, Offer
from agent_assist.services import Services
from agent_assist.settings import read
from agent_assist.store import MemoryStore
from agent_assist.tui.desk.approval_watch import ApprovalWatch
from tests.conftest import NOW, SHANGHAI


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore("agent")


@pytest.fixture
def desk(store: MemoryStore) -> Services:
    return Services(read(), store=store, clock=lambda: NOW, tz=SHANGHAI)


@pytest.fixture
def watch(desk: Services, store: MemoryStore) -> ApprovalWatch:
    watch = ApprovalWatch(desk.settings.agent, desk.context.waiting_offers)
    watch.poll(store)
    return watch


def promise(desk: Services, op_id: str = "op", yuan: int = 900) -> Offer:
    typed = {"kind": "coupon", "amount": str(yuan), "customer": f"王女士 {op_id}", "sentence": "送您一张券"}
    return desk.compensation.add(desk.compensation.new_offer(typed, op_id=op_id)).offer


def approve(store: MemoryStore, offer: Offer) -> None:
    event = NewEvent(op_id=f"approve {offer.id}", event="approved", offer=offer.id, agent="老周", role="lead", at=NOW)
    store.decide(event)


def test_what_was_decided_before_the_next_look_is_told_once(
    desk: Services, store: MemoryStore, watch: ApprovalWatch
) -> None:
    offer = promise(desk)
    approve(store, offer)
    assert [(decided.offer.id, decided.by) for decided in watch.poll(store)] == [(offer.id, "老周")]
    assert watch.poll(store) == ()


def test_an_offer_that_waits_still_is_no_news(desk: Services, store: MemoryStore, watch: ApprovalWatch) -> None:
    offer = promise(desk)
    assert watch.poll(store) == ()
    approve(store, offer)
    assert [decided.offer.id for decided in watch.poll(store)] == [offer.id]


def test_an_offer_within_the_policy_is_not_watched(desk: Services, store: MemoryStore, watch: ApprovalWatch) -> None:
    assert promise(desk, yuan=5).state == "offered"
    assert watch.poll(store) == ()


def test_what_could_not_be_read_is_told_by_the_next_look(
    desk: Services, store: MemoryStore, watch: ApprovalWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers = [promise(desk, "first"), promise(desk, "second")]
    assert watch.poll(store) == ()
    for offer in offers:
        approve(store, offer)

    def lost(_offer_id: str) -> Offer:
        raise Unreachable("the connection was lost")

    with monkeypatch.context() as away:
        away.setattr(store, "offer", lost)
        with pytest.raises(Unreachable):
            watch.poll(store)
    assert {decided.offer.id for decided in watch.poll(store)} == {offer.id for offer in offers}
