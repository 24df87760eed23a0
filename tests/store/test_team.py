"""A team's database binds its accounts by itself: what an agent or a lead tries with SQL of their own is refused."""

from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from agent_assist.errors import Refused
from agent_assist.incidents import Incident
from agent_assist.offers import Entry, Head, Money
from agent_assist.offers.chain import chain_entry, offer_entry
from agent_assist.offers.decisions import NewEvent
from agent_assist.store import Store
from agent_assist.store.ledger import append
from tests.offers.samples import SALT, an_event, an_offer
from tests.store.teams import Team
from tests.store.test_contract import A_NOTICE, NOW, SENT, USE, a_chat, an_incident
from tests.store.test_only_grows import by_hand


def facts_by(people: Team, short: str) -> Incident:
    return replace(an_incident(), author=people.name(short))


def offer(people: Team, store: Store, short: str, op_id: str, **changes: Any) -> int:
    return store.add_offer(an_offer(op_id, agent=people.name(short), **changes)).offer.seq


def put(people: Team, short: str, entry: Entry) -> None:
    """Append an entry as this person, with nothing of the program in between but the shape of a row."""
    with by_hand(people.url(short)) as connection:
        last = connection.exec_driver_sql("SELECT seq, hash FROM offer_entries ORDER BY seq DESC LIMIT 1").one()
        append(connection, chain_entry(entry, Head(last.seq, last.hash)))


def put_waiting(people: Team, short: str, op_id: str, **changes: Any) -> int:
    """An offer that waits for approval."""
    with by_hand(people.url(short)) as connection:
        last = connection.exec_driver_sql("SELECT seq, hash FROM offer_entries ORDER BY seq DESC LIMIT 1").first()
        head = Head(last.seq, last.hash) if last else Head()
        made = offer_entry(an_offer(op_id, agent=people.name(short)), head, lambda: SALT)
        append(connection, chain_entry(replace(made, pending=True, **changes), head))
        return head.seq + 1


def test_an_agent_adds_offers_keeps_chats_and_reads_the_facts_of_leads(people: Team) -> None:
    lead, agent, me = people.store("老周"), people.store("小李"), people.name("小李")
    opened = lead.open_incident(facts_by(people, "老周"))
    lead.add_version(replace(opened, status="identified"), expected=1)
    assert agent.incident(opened.id).version == 2
    agent.save_chat(me, a_chat())
    agent.save_chat(me, a_chat(query="denglu"))
    promise = an_offer(agent=me)
    assert agent.record_sent(me, "c1", SENT, op_id="sent-1", use=replace(USE, agent=me), offer=promise) is not None
    assert agent.record_sent(me, "c1", SENT, op_id="sent-1", offer=promise) is not None
    agent.missed_search(me, "发票抬头", NOW)
    assert (agent.open_chats(me)[0].query, agent.open_chats(me)[0].sent) == ("denglu", (SENT,))
    agent.close_chat(me, "c1", NOW)
    assert [each.agent for each in lead.offers()] == [me]
    assert len(lead.uses()) == len(lead.missed_searches()) == 1
    assert agent.verify().ok
    assert (agent.role(), lead.role(), people.store("owner").role()) == ("agent", "lead", "lead")


def test_what_only_leads_do_is_refused_to_an_agent_in_one_sentence(people: Team) -> None:
    agent = people.store("小李")
    with pytest.raises(Refused, match=r"does not let you do this.*incident_versions") as refused:
        agent.open_incident(facts_by(people, "小李"))
    assert "\n" not in str(refused.value)
    assert agent.incidents() == ()


def test_nobody_writes_in_anothers_name(people: Team) -> None:
    other = people.name("小陈")
    for short in ("小李", "老周"):
        store = people.store(short)
        with pytest.raises(Refused):
            store.add_offer(an_offer("op-1", agent=other))
        with pytest.raises(Refused):
            store.save_chat(other, a_chat())
        with pytest.raises(Refused):
            store.record_sent(other, "c1", SENT, op_id="sent-1")
        with pytest.raises(Refused):
            store.missed_search(other, "发票", NOW)
        with pytest.raises(Refused):
            store.open_incident(facts_by(people, "小陈"))
        assert (store.offers(), store.incidents(), store.missed_searches()) == ((), (), ())


def test_another_agents_chats_are_out_of_sight_and_out_of_reach(people: Team) -> None:
    mine, me, other = people.store("小李"), people.name("小李"), people.store("小陈")
    mine.save_chat(me, a_chat())
    mine.record_sent(me, "c1", SENT, op_id="sent-1")
    assert other.open_chats(me) == ()
    with by_hand(people.url("小陈")) as connection:
        assert connection.exec_driver_sql("UPDATE chats SET state = 'x'").rowcount == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM sent_replies").scalar_one() == 0
    assert people.store("老周").open_chats(me)[0].sent == (SENT,)


def test_a_lead_decides_what_another_promised_and_nobody_decides_their_own(people: Team) -> None:
    waiting = put_waiting(people, "小李", "a")
    as_agent = {"agent": people.name("小陈"), "role": "agent"}
    for event in ("approved", "declined"):
        with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
            put(people, "小陈", an_event(event, waiting, **as_agent))
    with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
        put(people, "小陈", an_event("approved", waiting, agent=people.name("小陈"), role="lead"))
    with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
        put(people, "小李", an_event("approved", waiting, agent=people.name("老周")))
    own = put_waiting(people, "老周", "b")
    with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
        put(people, "老周", an_event("approved", own, agent=people.name("老周")))
    put(people, "老王", an_event("approved", own, agent=people.name("老王")))
    put(people, "老周", an_event("approved", waiting, agent=people.name("老周")))
    with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
        put(people, "老王", an_event("declined", waiting, agent=people.name("老王")))
    states = {each.seq: (each.state, each.approved_by) for each in people.store("小李").offers()}
    assert states == {waiting: ("approved", people.name("老周")), own: ("approved", people.name("老王"))}


def test_who_adjusted_an_offer_does_not_approve_it(people: Team) -> None:
    waiting = put_waiting(people, "小李", "a")
    more: Any = {
        "kind": "coupon",
        "money": Money(900000, "CNY"),
        "pending": True,
        "agent": people.name("老周"),
    }
    put(people, "老周", an_event("adjusted", waiting, **more))
    with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
        put(people, "老周", an_event("approved", waiting, agent=people.name("老周")))


def test_an_agent_changes_only_their_own_offers_and_delivers_only_what_may_be_given(people: Team) -> None:
    mine, waiting = offer(people, people.store("小李"), "小李", "a"), put_waiting(people, "小李", "b")
    me, other = people.name("小李"), people.name("小陈")
    for event in ("voided", "adjusted", "erased"):
        with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
            put(people, "小陈", an_event(event, mine, agent=other, role="agent"))
    with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
        put(people, "小李", an_event("delivered", waiting, agent=me, role="agent"))
    put(people, "小陈", an_event("delivered", mine, agent=other, role="agent"))
    put(people, "小李", an_event("voided", waiting, agent=me, role="agent"))
    with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
        put(people, "老周", an_event("adjusted", waiting, agent=people.name("老周")))
    assert people.store("小李").verify().ok


def test_texts_go_only_by_a_lead_and_only_after_the_tombstone(people: Team) -> None:
    agent, lead = people.store("小李"), people.store("老周")
    first = offer(people, agent, "小李", "a")
    put(people, "老周", an_event("erased", first, agent=people.name("老周"), note="客户要求"))
    with pytest.raises(sa.exc.DBAPIError, match="permission denied"), by_hand(people.url("小李")) as connection:
        connection.exec_driver_sql("DELETE FROM offer_texts WHERE seq = 1")
    with by_hand(people.url("老周")) as connection:
        connection.exec_driver_sql("DELETE FROM offer_texts WHERE seq = 1")
    assert lead.offers()[0].customer == ""
    assert lead.verify().ok


def test_a_lead_approves_publishes_a_policy_and_erases_through_the_program(people: Team) -> None:
    agent, lead = people.store("小李"), people.store("老周")
    me, boss = people.name("小李"), people.name("老周")
    agent.save_chat(me, a_chat())
    agent.record_sent(me, "c1", SENT, op_id="sent-1", use=replace(USE, agent=me))
    waiting = put_waiting(people, "小李", "a")
    approval = NewEvent(op_id="ok", event="approved", offer=f"#{waiting}", agent=boss, role="lead", at=NOW)
    with pytest.raises(Refused):
        agent.decide(replace(approval, agent=me, role="lead"))
    assert lead.decide(approval).offer.approved_by == boss
    with pytest.raises(Refused):
        agent.erase("王女士", agent=me, role="agent", reason="客户要求", at=NOW)
    erased = lead.erase("王女士", agent=boss, role="lead", reason="客户要求", at=NOW)
    assert (erased.offers, erased.chats, erased.replies) == (1, 1, 1)
    assert agent.open_chats(me) == ()
    assert agent.offers()[0].customer == ""
    assert agent.verify().ok


def test_what_an_agent_tells_customers_is_seen_by_all_and_nobody_tells_in_anothers_name(people: Team) -> None:
    agent, me, other = people.store("小李"), people.name("小李"), people.store("小陈")
    told = replace(A_NOTICE, agent=me)
    agent.record_sent(me, "c1", SENT, op_id="s1", publication=told)
    assert other.publications(["INC-1"]) == people.store("老周").publications(["INC-1"]) == (told,)
    with pytest.raises(Refused):
        other.record_publication(told)
    agent.save_chat(me, a_chat(incident_id="INC-1"))
    assert people.store("老周").chats_by_incident() == {"INC-1": 1}
    assert other.chats_by_incident() == {}
