"""What every store promises, whichever engine keeps it."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from agent_assist.chats import Chat, Customer, Sent
from agent_assist.cleaning import clean
from agent_assist.errors import NotFound, Refused
from agent_assist.incidents import Eta, Incident, Publication
from agent_assist.incidents.publication import StepName
from agent_assist.offers import Head, Money, NewOffer
from agent_assist.store import PhraseUse, Store
from tests.offers.samples import an_offer

NOW = dt.datetime(2026, 11, 20, 6, 10, tzinfo=dt.UTC)
SENT = Sent(
    at=NOW,
    phrase_id="login-failure-apology",
    lang="zh",
    text="王女士，您好。",
    incident_id="INC-1",
    facts_version=2,
    route="native",
)
USE = PhraseUse(phrase_id="login-failure-apology", query="denglu", lang="zh", stage="identified", agent="小李", at=NOW)

A_NOTICE = Publication(incident="INC-1", version=2, at=NOW, agent="小李")
AN_ANNOUNCEMENT = Publication(
    incident="INC-1",
    version=2,
    at=NOW + dt.timedelta(minutes=9),
    agent="老周",
    channel="sms",
    tells=("notice", "cause"),
)


def an_incident(title: str = "登录失败", **changes: Any) -> Incident:
    return Incident(title=title, started_at=NOW, updated_at=NOW, author="老周", **changes)


def a_chat(chat_id: str = "c1", **changes: Any) -> Chat:
    return Chat(id=chat_id, customer=Customer(name="王女士", order="A123"), opened_at=NOW, **changes)


def test_an_incident_gets_the_next_number_and_version_1(store: Store) -> None:
    first = store.open_incident(an_incident(version=7))
    second = store.open_incident(an_incident("支付失败"))
    assert (first.id, first.version, second.id) == ("INC-1", 1, "INC-2")
    assert store.incident("INC-1") == first


def test_a_number_that_somebody_took_by_hand_is_skipped(store: Store) -> None:
    store.open_incident(an_incident(id="INC-2"))
    assert store.open_incident(an_incident()).id == "INC-3"


def test_an_incident_may_bring_its_own_id_once(store: Store) -> None:
    assert store.open_incident(an_incident(id="status-42")).id == "status-42"
    with pytest.raises(Refused, match="status-42"):
        store.open_incident(an_incident(id="status-42"))


def test_every_change_of_the_facts_is_a_new_version_with_everything_in_it(store: Store) -> None:
    full = an_incident(
        severity="SEV1",
        services=("登录", "App"),
        scope="约 15% 的用户无法登录",
        cause="兼容问题",
        cause_internal="pg 18",
        workaround="请勿退出",
        eta=Eta(start=NOW, end=NOW + dt.timedelta(hours=1)),
        next_update_due=NOW,
        owner="老周",
        rhythm_minutes=15,
        translations={"en": {"scope": "about 15% of users cannot sign in"}},
    )
    opened = store.open_incident(full)
    later = msgspec.structs.replace(opened, status="identified", author="小陈")
    changed = store.add_version(later, expected=1)
    assert changed == msgspec.structs.replace(later, version=2)
    assert store.versions(opened.id) == (opened, changed)
    assert store.incident(opened.id) == changed


def test_facts_seen_in_an_older_version_cannot_overwrite_newer_ones(store: Store) -> None:
    opened = store.open_incident(an_incident())
    store.add_version(opened, expected=1)
    with pytest.raises(Refused, match="version 1, now it is version 2"):
        store.add_version(opened, expected=1)
    assert store.add_version(opened, expected=None).version == 3


def test_incidents_are_listed_newest_first_and_open_ones_alone_if_asked(store: Store) -> None:
    first, second = store.open_incident(an_incident("一")), store.open_incident(an_incident("二"))
    store.add_version(msgspec.structs.replace(first, status="resolved"), expected=1)
    assert [incident.title for incident in store.incidents()] == ["二", "一"]
    assert [incident.id for incident in store.incidents(open_only=True)] == [second.id]
    for hours, ids in ((1, [second.id, first.id]), (-1, [second.id])):
        since = first.updated_at - dt.timedelta(hours=hours)
        assert [history.versions[-1].id for history in store.incident_histories(resolved_since=since)] == ids


def test_what_does_not_exist_is_named(store: Store) -> None:
    for call in (
        lambda: store.incident("INC-9"),
        lambda: store.versions("INC-9"),
        lambda: store.add_version(an_incident(id="INC-9"), expected=None),
        lambda: store.offer("OFF-9"),
        lambda: store.offer(""),
        lambda: store.close_chat("小李", "c9", NOW),
    ):
        with pytest.raises(NotFound):
            call()


def test_chats_come_back_in_order_with_all_they_held(opening: Callable[[], Store]) -> None:
    chat = a_chat(
        query="denglu",
        phrase_id="login",
        edited="改过的话",
        values={"gift": "券"},
        position=2,
        waiting_since=NOW,
        incident_id="INC-1",
        drafted_version=3,
        drafted_for=(Customer(name="李女士", order="A1"),),
    )
    store = opening()
    store.save_chat("小李", chat)
    store.save_chat("小李", a_chat("c2", position=1))
    store.save_chat("别人", a_chat("c3"))
    store.record_sent("小李", "c1", SENT, op_id="s1")
    store.close()
    again = opening()
    assert again.open_chats("小李") == (a_chat("c2", position=1), msgspec.structs.replace(chat, sent=(SENT,)))
    again.close()


def test_saving_a_chat_replaces_its_state_but_never_what_was_sent(store: Store) -> None:
    store.save_chat("小李", a_chat(query="a"))
    store.record_sent("小李", "c1", SENT, op_id="s1")
    store.save_chat("小李", a_chat(query="b"))
    assert store.open_chats("小李") == (a_chat(query="b", sent=(SENT,)),)


def test_a_chat_that_another_terminal_changed_is_not_overwritten(opening: Callable[[], Store]) -> None:
    here, there = opening(), opening()
    seen = a_chat(query="a", values={"编号": "1"}, waiting_since=NOW)
    assert here.save_chat("小李", seen) == "saved"
    here.record_sent("小李", "c1", SENT, op_id="sent-1")
    assert there.save_chat("小李", msgspec.structs.replace(seen, query="b"), seen=seen) == "saved"
    assert here.save_chat("小李", msgspec.structs.replace(seen, query="c"), seen=seen) == "changed"
    (stored,) = here.open_chats("小李")
    assert stored.query == "b"
    assert here.save_chat("小李", msgspec.structs.replace(stored, query="c"), seen=stored) == "saved"
    there.close_chat("小李", "c1", NOW)
    assert here.save_chat("小李", seen, seen=msgspec.structs.replace(seen, query="c")) == "changed"
    assert here.open_chats("小李") == ()


def test_a_closed_chat_is_returned_when_it_is_named(store: Store) -> None:
    store.save_chat("小李", a_chat())
    store.save_chat("小李", a_chat("c2", position=1))
    store.close_chat("小李", "c1", NOW)
    assert store.open_chats("小李", also=["c1", "c9"]) == (a_chat(closed_at=NOW), a_chat("c2", position=1))
    assert store.open_chats("小陈", also=["c1"]) == ()


def test_a_closed_chat_leaves_the_desk_and_can_come_back(store: Store) -> None:
    store.save_chat("小李", a_chat())
    store.close_chat("小李", "c1", NOW)
    assert store.open_chats("小李") == ()
    store.save_chat("小李", a_chat())
    assert len(store.open_chats("小李")) == 1


def test_a_reply_its_use_and_its_promise_are_recorded_together_and_once(store: Store) -> None:
    store.save_chat("小李", a_chat())
    first = store.record_sent("小李", "c1", SENT, op_id="s1", use=USE, offer=an_offer())
    again = store.record_sent("小李", "c1", SENT, op_id="s1", use=USE, offer=an_offer())
    assert first is not None
    assert again is not None
    assert (first.already, again.already, again.offer) == (False, True, first.offer)
    assert store.open_chats("小李")[0].sent == (SENT,)
    assert store.uses() == (USE,)
    assert len(store.offers()) == 1


def test_a_promise_added_on_the_second_try_is_recorded(store: Store) -> None:
    assert store.record_sent("小李", "c1", SENT, op_id="s1") is None
    recorded = store.record_sent("小李", "c1", SENT, op_id="s1", offer=an_offer())
    assert recorded is not None
    assert not recorded.already


def test_a_reply_whose_promise_is_refused_is_not_recorded_either(store: Store) -> None:
    store.save_chat("小李", a_chat())
    store.add_offer(an_offer("taken"))
    for broken in (an_offer("taken", customer="别人"), an_offer(money=Money(0, "CNY"))):
        with pytest.raises(Refused):
            store.record_sent("小李", "c1", SENT, op_id="s1", use=USE, offer=broken)
    assert store.open_chats("小李")[0].sent == ()
    assert store.uses() == ()


def test_one_op_id_never_stands_for_two_replies(store: Store) -> None:
    assert store.record_sent("小李", "c1", SENT, op_id="s1") is None
    with pytest.raises(Refused, match="another reply"):
        store.record_sent("小李", "c2", SENT, op_id="s1")


def test_an_offer_is_recorded_with_all_it_says(store: Store) -> None:
    new = an_offer(thing="杯子")
    offer = store.add_offer(new).offer
    assert (offer.id, offer.seq, offer.state, len(offer.hash)) == ("OFF-1", 1, "offered", 64)
    names = ("agent", "kind", "sentence", "reason", "money", "duration", "thing", "customer", "order", "tier", "at")
    assert all(getattr(offer, name) == getattr(new, name) for name in names)
    assert (offer.incident, offer.chat) == ("INC-1", "c1")
    assert store.offer("OFF-1") == store.offer("#1") == store.offer("1") == offer
    entry = store.entries("OFF-1")[0]
    assert (entry.event, entry.hash, entry.text("customer")) == ("offered", offer.hash, "王女士")
    assert store.head() == Head(1, offer.hash)


def test_trying_again_with_the_same_op_id_makes_no_second_offer(store: Store) -> None:
    first = store.add_offer(an_offer())
    later = store.add_offer(an_offer(at=NOW + dt.timedelta(minutes=1)))
    assert (first.already, later.already, later.offer) == (False, True, first.offer)
    assert len(store.entries()) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"customer": "李先生"},
        {"money": Money(2001, "CNY")},
        {"sentence": "别的话"},
        {"agent": "别人"},
        {"order": ""},
        {"money": None},
        {"incident_id": "INC-2"},
        {"thing": "杯子"},
        {"tier": ""},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_same_op_id_with_other_content_is_refused(store: Store, change: dict[str, Any]) -> None:
    store.add_offer(an_offer())
    with pytest.raises(Refused, match="something else"):
        store.add_offer(an_offer(**change))
    assert len(store.entries()) == 1


def test_offers_are_found_by_what_they_are_about(store: Store) -> None:
    for op_id, changes in {
        "a": {},
        "b": {"incident_id": "INC-2"},
        "c": {"agent": "小陈"},
        "d": {"customer": "李先生"},
        "e": {},
    }.items():
        store.add_offer(an_offer(op_id, **changes))

    def found(**conditions: Any) -> list[int]:
        return [offer.seq for offer in store.offers(**conditions)]

    assert found() == [1, 2, 3, 4, 5]
    assert found(incident="INC-2") == [2]
    assert found(agent="小陈") == [3]
    assert found(customer="李先生") == [4]
    assert found(customer="王女士", incident="INC-1", agent="小李") == [1, 5]
    assert found(state="offered", limit=2) == found(limit=2) == [4, 5]
    assert found(state="pending") == found(customer="谁") == []


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE offer_entries; --", "王\x00\x1b[2J女士", "👩‍💻 𠮷", "%s {x} :name", "\\"]
)
def test_no_text_is_too_strange_to_keep(store: Store, text: str) -> None:
    new: NewOffer = an_offer(customer=text, sentence=text, reason=text)
    offer = store.add_offer(new).offer
    assert "\x00" not in offer.customer
    assert "\x1b" not in offer.customer
    assert store.offers(customer=offer.customer) == (offer,)
    assert store.add_offer(new).already
    store.missed_search("小李", text, NOW)
    store.save_chat("小李", a_chat(query=text))
    assert clean(store.open_chats("小李")[0].query) == clean(text)
    assert store.verify().ok


def test_the_largest_amount_is_kept_exactly(store: Store) -> None:
    largest = Money(2**63 - 1, "JPY")
    assert store.add_offer(an_offer(money=largest)).offer.money == largest
    assert store.offer("OFF-1").money == largest


def test_the_log_verifies_and_knows_a_head_that_is_not_its_own(store: Store) -> None:
    assert store.verify().ok
    store.add_offer(an_offer())
    store.add_offer(an_offer("op-2"))
    assert store.verify(Head(1, store.entries()[0].hash)).ok
    assert store.verify(Head(1, "f" * 64)).bad_seq == 1
    assert store.verify(Head(3, "f" * 64)).bad_seq == 3


def test_uses_and_missed_searches_come_back_newest_first(store: Store) -> None:
    other = PhraseUse(phrase_id="b", lang="en", agent="小陈", at=NOW, edited=True)
    store.record_sent("小李", "c1", SENT, op_id="s1", use=USE)
    store.record_sent("小陈", "c1", SENT, op_id="s2", use=other)
    assert store.uses() == (other, USE)
    assert store.uses("小李") == (USE,)
    store.missed_search("小李", "tuikuan", NOW)
    store.missed_search("小李", "wuliu", NOW)
    assert [missed.query for missed in store.missed_searches()] == ["wuliu", "tuikuan"]


def test_the_change_token_tells_that_another_desk_wrote(opening: Callable[[], Store]) -> None:
    here, there = opening(), opening()
    before = here.change_token()
    assert here.change_token() == before
    there.open_incident(an_incident())
    after = here.change_token()
    assert after != before
    there.add_offer(an_offer())
    assert here.change_token() != after
    here.close()
    there.close()


def test_calls_may_come_from_any_thread(store: Store) -> None:
    def work(number: int) -> None:
        store.add_offer(an_offer(f"op-{number}"))
        store.save_chat("小李", a_chat(f"c{number}", position=number))
        store.offers()
        store.change_token()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(24)))
    assert [offer.seq for offer in store.offers()] == list(range(1, 25))
    assert len(store.open_chats("小李")) == 24
    assert store.verify().ok


def test_what_customers_were_told_comes_back_oldest_first_and_by_incident(store: Store) -> None:
    store.open_incident(an_incident())
    elsewhere = msgspec.structs.replace(A_NOTICE, incident="INC-2")
    for publication in (AN_ANNOUNCEMENT, A_NOTICE, elsewhere):
        store.record_publication(publication)
    assert store.publications(["INC-1"]) == (A_NOTICE, AN_ANNOUNCEMENT)
    assert store.publications([]) == ()
    (history,) = store.incident_histories(resolved_since=NOW)
    assert history.published == (A_NOTICE, AN_ANNOUNCEMENT)


def test_only_the_first_reply_that_tells_something_counts(store: Store) -> None:
    def send(number: int, *tells: StepName, version: int = 2) -> None:
        told = msgspec.structs.replace(A_NOTICE, tells=tells, version=version)
        store.record_sent("小李", "c1", SENT, op_id=f"s{number}", publication=told)

    send(1, "notice", "cause")
    before = store.change_token()
    send(1, "notice", "cause")
    send(2, "notice")
    assert len(store.publications(["INC-1"])) == 1
    send(3, "notice", "plan")
    send(4, "notice", version=3)
    assert [(each.version, each.tells) for each in store.publications(["INC-1"])] == [
        (2, ("notice", "cause")),
        (2, ("notice", "plan")),
        (3, ("notice",)),
    ]
    assert store.change_token() != before


def test_a_reply_that_is_not_recorded_tells_nothing(store: Store) -> None:
    store.record_sent("小李", "c1", SENT, op_id="s1")
    with pytest.raises(Refused):
        store.record_sent("小李", "c2", SENT, op_id="s1", publication=A_NOTICE)
    assert store.publications(["INC-1"]) == ()


def test_open_chats_are_counted_by_incident(store: Store) -> None:
    tricky = 'he said "incident_id":"INC-9" twice'
    for number, incident in enumerate(("INC-1", "INC-1", "INC-2", ""), start=1):
        store.save_chat("小李", a_chat(f"c{number}", incident_id=incident, query=tricky, edited=tricky))
    store.save_chat("小陈", a_chat("c1", incident_id="INC-1"))
    store.close_chat("小李", "c2", NOW)
    counts = store.chats_by_incident()
    assert {incident: counts[incident] for incident in ("INC-1", "INC-2")} == {"INC-1": 2, "INC-2": 1}
    assert "INC-9" not in counts
