"""One customer's data goes on request: no text, no trace, no byte; sums, states and the chain stay. On every engine."""

from pathlib import Path

import msgspec
import pytest

from agent_assist.chats import Chat, Customer, erased_chat
from agent_assist.errors import Refused
from agent_assist.offers import Money, OfferFilter
from agent_assist.store import Erased, PhraseUse, Store, open_store
from tests.offers.samples import AT, an_offer
from tests.store.test_contract import SENT, a_chat
from tests.store.test_decisions import WAITS, a_deed

CANARY = "金丝雀女士🐤"
ORDER = "CANARY-7"
CHAT = Chat(
    id="c9",
    customer=Customer(name=CANARY, order=ORDER),
    opened_at=AT,
    query=f"{CANARY} denglu",
    edited=f"致{CANARY}",
    values={"gift": f"给{CANARY}"},
)


def erase(store: Store, customer: str = CANARY, order: str = "") -> Erased:
    return store.erase(customer, order=order, agent="老周", role="lead", reason="客户来信要求", at=AT)


def leave_traces(store: Store) -> None:
    """Every way a customer's name gets into a store, and somebody else beside it."""
    store.save_chat("小李", CHAT)
    sent = msgspec.structs.replace(SENT, text=f"{CANARY}，您好。")
    use = PhraseUse(phrase_id="p", query=f"{CANARY} 退款", lang="zh", agent="小李", at=AT)
    promise = an_offer(
        "o1",
        customer=CANARY,
        order=ORDER,
        chat_id="c9",
        thing=f"{CANARY}的杯子",
        sentence=f"{CANARY}，送您一张券",
        reason=f"{CANARY} 很生气",
    )
    recorded = store.record_sent("小李", "c9", sent, op_id="s1", use=use, offer=promise, terms=WAITS)
    assert recorded is not None
    offer = recorded.offer.id
    store.missed_search("小李", f"{CANARY} 的单子", AT)
    store.decide(a_deed("approved", offer, op_id="d", note=f"{CANARY} 是老客户"))
    store.decide(
        a_deed("adjusted", offer, op_id="a", kind="coupon", money=Money(9, "CNY"), sentence=f"给{CANARY} 9 分")
    )
    # A closed chat and a reply of another agent; and other customers, who stay.
    store.save_chat("小陈", msgspec.structs.replace(CHAT, id="c10"))
    store.close_chat("小陈", "c10", AT)
    store.record_sent("小陈", "elsewhere", sent, op_id="s2")
    former = (Customer(name=CANARY, order=ORDER), Customer(name="李女士"))
    store.save_chat("小李", a_chat(values={"note": f"像{CANARY}那样", "gift": "券"}, drafted_for=former))
    store.record_sent("小李", "c1", SENT, op_id="s3", offer=an_offer("o2"))
    store.missed_search("小李", "tuikuan", AT)


def test_everything_of_one_customer_goes_and_everything_of_others_stays(store: Store) -> None:
    leave_traces(store)
    before = store.sums(OfferFilter(), "state")
    gone = erase(store)
    assert gone == Erased(offers=1, chats=2, open_chats=1, replies=2, searches=2, mentions=0)
    offer = store.offer("1")
    assert (offer.erased, offer.customer, offer.order, offer.sentence, offer.note) == (True, "", "", "", "")
    assert (offer.state, offer.money, offer.agent) == ("offered", Money(9, "CNY"), "小李")
    tombstone = store.entries("1")[-1]
    assert (tombstone.event, tombstone.agent, tombstone.role, tombstone.at) == ("erased", "老周", "lead", AT)
    assert tombstone.text("note") == "客户来信要求"
    assert store.sums(OfferFilter(), "state") == before
    assert (store.verify().ok, store.verify().head) == (True, store.head())
    assert [chat.values for chat in store.open_chats("小李")] == [{"note": "", "gift": "券"}]
    assert store.open_chats("小李")[0].sent == (SENT,)
    assert store.open_chats("小李")[0].drafted_for == (Customer(name="李女士"),)
    assert [use.query for use in store.uses()] == [""]
    assert [missed.query for missed in store.missed_searches()] == ["tuikuan"]
    assert store.offer(str(store.offers()[1].seq)).customer == "王女士"


def test_no_desk_saves_an_old_copy_of_an_erased_chat(store: Store) -> None:
    leave_traces(store)
    erase(store)
    assert store.save_chat("小李", CHAT) == "erased"
    assert store.save_chat("小李", CHAT, seen=CHAT) == "erased"
    assert erased_chat("c9", AT) in store.open_chats("小李", also=["c9"])


def test_doing_it_again_does_nothing(store: Store) -> None:
    leave_traces(store)
    erase(store)
    head = store.head()
    assert erase(store) == Erased()
    assert store.head() == head


def test_an_order_number_spares_others_of_that_name(store: Store) -> None:
    for order in ("A1", "B2"):
        store.add_offer(an_offer(order, order=order))
        chat = msgspec.structs.replace(CHAT, id=order, customer=Customer(name="王女士", order=order))
        store.save_chat("小李", chat)
    gone = erase(store, "王女士", "A1")
    assert (gone.offers, gone.chats) == (1, 1)
    assert [offer.order for offer in store.offers()] == ["", "B2"]


def test_offers_to_others_that_name_the_customer_are_counted_and_left_alone(store: Store) -> None:
    store.add_offer(an_offer(customer="李先生", reason=f"同{CANARY}一起来的"))
    assert erase(store).mentions == 1


@pytest.mark.parametrize("reason", ["", "  ", f"{CANARY} 来信"])
def test_an_erasure_says_why_and_does_not_repeat_the_name(store: Store, reason: str) -> None:
    store.add_offer(an_offer(customer=CANARY))
    with pytest.raises(Refused, match="reason"):
        store.erase(CANARY, agent="老周", role="lead", reason=reason, at=AT)
    with pytest.raises(Refused, match="whose"):
        erase(store, " ")
    assert store.offers()[0].customer == CANARY


def bytes_of(home: Path) -> int:
    """How many of the desk's files hold the canary, in whatever encoding."""
    marks = [CANARY.encode(), CANARY.encode("utf-16-le"), ORDER.encode(), CANARY.encode("unicode_escape")]
    return sum(any(mark in path.read_bytes() for mark in marks) for path in home.rglob("*") if path.is_file())


@pytest.mark.parametrize("others", [30, pytest.param(3000, marks=pytest.mark.slow)])
def test_no_byte_is_left_in_the_files(home: Path, sqlite_url: str, others: int) -> None:
    """The control is in it: before, the canary is found, and a deletion by hand with other settings leaves bytes."""
    store = open_store(sqlite_url, home=home)
    for number in range(others):
        store.add_offer(an_offer(f"before {number}", customer=f"客户{number}"))
    leave_traces(store)
    for number in range(others):
        store.add_offer(an_offer(f"after {number}", customer=f"客户{number}"))
    store.close()
    assert bytes_of(home) > 0
    store = open_store(sqlite_url, home=home)
    assert erase(store).is_scrubbed
    assert store.verify().ok
    assert bytes_of(home) == 0
    store.close()
    assert bytes_of(home) == 0


def test_the_proof_bites_deleted_rows_leave_their_bytes(home: Path, sqlite_url: str) -> None:
    """Control: what is deleted without clearing is still in the file."""
    import sqlite3

    store = open_store(sqlite_url, home=home)
    leave_traces(store)
    store.close()
    plain = sqlite3.connect(home / "desk.db")
    plain.execute("PRAGMA secure_delete = OFF")
    for trigger in plain.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        plain.execute(f"DROP TRIGGER {trigger[0]}")
    for table in ("offer_texts", "chats", "sent_replies", "uses", "missed_searches"):
        plain.execute(f"DELETE FROM {table}")  # noqa: S608
    plain.commit()
    plain.close()
    assert bytes_of(home) == 1


def test_on_a_server_no_row_holds_the_customer(postgres_url: str, home: Path) -> None:
    import psycopg

    def rows() -> int:
        with psycopg.connect(postgres_url) as connection:
            tables = connection.execute("SELECT relname FROM pg_stat_user_tables").fetchall()
            texts = [str(connection.execute(f"TABLE {name}").fetchall()) for (name,) in tables]
            return sum(CANARY in text or ORDER in text for text in texts)

    store = open_store(postgres_url, home=home)
    leave_traces(store)
    assert rows() == 5
    assert erase(store).is_scrubbed
    assert rows() == 0
    store.close()


def test_a_file_that_is_busy_is_cleaned_by_the_next_erasure(
    home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from agent_assist.store.engines.sqlite import SqliteDatabase

    store = open_store(sqlite_url, home=home)
    leave_traces(store)
    sound = SqliteDatabase.scrub
    monkeypatch.setattr(SqliteDatabase, "scrub", lambda _self: False)
    assert not erase(store).is_scrubbed
    monkeypatch.setattr(SqliteDatabase, "scrub", sound)
    assert erase(store).is_scrubbed
    store.close()
    assert bytes_of(home) == 0
