"""A row that cannot be used is left out and named; it stops neither the other rows nor anybody who reads them."""

# ruff: noqa: S608
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from agent_assist.errors import NotFound
from agent_assist.offers import OfferFilter
from agent_assist.offers.policy_file import read_policy
from agent_assist.store import Store, open_store
from agent_assist.store.database_info import read_database_info
from agent_assist.store.rows import LATEST_MICROS
from tests.offers.samples import an_offer
from tests.store.test_contract import NOW, SENT, USE, a_chat, an_incident
from tests.store.test_only_grows import by_hand, without_triggers

FAR = 9_000_000_000_000_000_000
_REPLY = '{"at":"2026-11-20T06:10:00Z","phrase_id":"x","lang":"zh","text":"x"%s}'
_STATE = '{"id":"bad","customer":{"name":"x"},"opened_at":"%s"%s}'
_GOOD_TIME = "2026-11-20T06:10:00Z"
_FACTS = '{"id":"%s","version":%s,"title":"x","started_at":"%s","updated_at":"2026-11-20T06:10:00Z"%s}'


def use(**changes: object) -> tuple[str, dict[str, object]]:
    return "uses", {
        "agent": "小李",
        "phrase_id": "x",
        "query": "",
        "lang": "zh",
        "stage": "",
        "edited": 0,
        "at": 0,
        **changes,
    }


def chat(state: str, **changes: object) -> tuple[str, dict[str, object]]:
    return "chats", {"agent": "小李", "id": "bad", "position": 9, "opened_at": 0, "state": state, **changes}


def sent(reply: str, **changes: object) -> tuple[str, dict[str, object]]:
    return "sent_replies", {"op_id": "bad", "agent": "小李", "chat_id": "c1", "at": 0, "reply": reply, **changes}


def facts(text: str, **changes: object) -> tuple[str, dict[str, object]]:
    return "incident_versions", {
        "id": "INC-1",
        "version": 2,
        "number": 1,
        "status": "identified",
        "author": "x",
        "at": 0,
        "facts": text,
        **changes,
    }


def publication(**changes: object) -> tuple[str, dict[str, object]]:
    row = {"incident": "INC-1", "version": 1, "at": 0, "agent": "x", "channel": "sms", "tells": "notice"}
    return "publications", row | changes


def incident(text: str) -> tuple[str, dict[str, object]]:
    return facts(text, id="INC-BAD", version=1, number=7)


BAD: dict[str, tuple[str, dict[str, object]]] = {
    "a use in a time that never comes": use(at=FAR),
    "a use long before": use(at=-FAR),
    "a use at the very end of time": use(at=LATEST_MICROS + 1),
    "a use of an endless phrase": use(phrase_id="x" * 1_000),
    "a use that is neither edited nor not": use(edited=7),
    "a missed search in a time that never comes": ("missed_searches", {"agent": "x", "query": "x", "at": FAR}),
    "a publication of no version": publication(version=0),
    "a publication in a time that never comes": publication(at=FAR),
    "a publication on an endless channel": publication(channel="x" * 1_000),
    "a chat that is no JSON": chat("garbage 王女士"),
    "a chat of nothing": chat("{}"),
    "a chat that is a list": chat("[1]"),
    "a chat of deep nesting": chat("[" * 100_000),
    "a chat opened in year 1": chat(_STATE % ("0001-01-01T00:00:00Z", "")),
    "a chat opened at the end of time": chat(_STATE % ("9999-12-31T23:59:59Z", "")),
    "a chat without a time zone": chat(_STATE % ("2026-11-20T06:10:00", "")),
    "a chat in an endless place": chat(_STATE % (_GOOD_TIME, ',"position":1e300')),
    "a chat of a huge place": chat(_STATE % (_GOOD_TIME, f',"position":{10**30}')),
    "a chat waiting without a zone": chat(_STATE % (_GOOD_TIME, ',"waiting_since":"2026-11-20T06:10:00"')),
    "the state of another chat": chat((_STATE % (_GOOD_TIME, "")).replace('"bad"', '"c1"')),
    "a chat that is too long": chat(_STATE % (_GOOD_TIME, ',"query":"' + "x" * 4_000_000 + '"')),
    "a reply that is no JSON": sent("garbage"),
    "a reply of nothing": sent("{}"),
    "a reply at the end of time": sent((_REPLY % "").replace("2026-11-20", "9999-12-31")),
    "a reply of a huge version": sent(_REPLY % f',"facts_version":{10**30}'),
    "facts that are no JSON": facts("garbage"),
    "facts of nothing": facts("{}"),
    "facts of another incident": facts(_FACTS % ("INC-2", 2, _GOOD_TIME, "")),
    "facts of another version": facts(_FACTS % ("INC-1", 9, _GOOD_TIME, "")),
    "facts since year 1": facts(_FACTS % ("INC-1", 2, "0001-01-01T00:00:00Z", "")),
    "facts without a zone": facts(_FACTS % ("INC-1", 2, "2026-11-20T06:10:00", "")),
    "facts of an unknown severity": facts(_FACTS % ("INC-1", 2, _GOOD_TIME, ',"severity":"SEV9"')),
    "facts in an endless rhythm": facts(_FACTS % ("INC-1", 2, _GOOD_TIME, f',"rhythm_minutes":{10**12}')),
    "facts in no rhythm": facts(_FACTS % ("INC-1", 2, _GOOD_TIME, ',"rhythm_minutes":0')),
    "an incident that is no JSON": incident("garbage"),
    "an incident of nothing": incident("{}"),
    "a policy in a time that never comes": (
        "policy_versions",
        {"version": 2, "at": FAR, "author": "x", "text": 'currency = "CNY"'},
    ),
    "an endless policy": ("policy_versions", {"version": 2, "at": 0, "author": "x", "text": "#" * 1_000_001}),
}

BY_HAND_IN_A_FILE: dict[str, tuple[str, dict[str, object]]] = {
    "a use at no time": use(at="yesterday"),
    "a use of no text": use(phrase_id=b"\xff\x00"),
    "a use whose query is bytes": use(query=b"\xff"),
    "a chat of bytes": chat(b"\xff\xfe"),  # type: ignore[arg-type]
    "a reply of bytes": sent(b"\xff"),  # type: ignore[arg-type]
    "facts of bytes": facts(b"\xff"),  # type: ignore[arg-type]
    "a policy of bytes": ("policy_versions", {"version": 1, "at": 0, "author": "x", "text": b"\xff"}),
}


def put(url: str, table: str, row: dict[str, object]) -> None:
    """Insert a row as nobody but a hand would."""
    names = ", ".join(f'"{name}"' for name in row)
    with by_hand(url) as connection:
        words = sa.text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(':' + name for name in row)})")
        connection.execute(words, row)


@pytest.fixture
def store(url: str, home: Path) -> Iterator[Store]:
    """A store with something sound in every table."""
    opened = open_store(url, home=home)
    opened.open_incident(an_incident())
    opened.save_chat("小李", a_chat())
    opened.record_sent("小李", "c1", SENT, op_id="sent-1", use=USE, offer=an_offer())
    opened.missed_search("小李", "发票", NOW)
    opened.publish_policy('currency = "CNY"', author="老周", at=NOW)
    yield opened
    opened.close()


READS: dict[str, Callable[[Store], object]] = {
    "uses": lambda store: store.uses(),
    "missed_searches": lambda store: store.missed_searches(),
    "publications": lambda store: store.publications(["INC-1"]),
    "chats": lambda store: store.open_chats("小李"),
    "sent_replies": lambda store: store.open_chats("小李"),
    "incident_versions": lambda store: (store.incidents(), store.incidents(True), store.versions("INC-1")),
}


def everything(store: Store) -> list[object]:
    return [read(store) for read in READS.values()]


def named(store: Store) -> set[str]:
    return {row.table for row in store.left_out()}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_row_is_left_out_and_named(store: Store, url: str, home: Path, what: str) -> None:
    before = everything(store)
    table, row = BAD[what]
    put(url, table, row)
    assert everything(store) == before
    store.policy()
    assert named(store) == {table}
    assert {row.table for row in read_database_info(url, home=home).left_out} == {table}


@pytest.mark.parametrize("what", BY_HAND_IN_A_FILE)
def test_a_file_edited_by_hand_is_read_as_carefully(sqlite_url: str, home: Path, what: str) -> None:
    store = open_store(sqlite_url, home=home)
    store.open_incident(an_incident())
    store.save_chat("小李", a_chat())
    before = everything(store)
    table, row = BY_HAND_IN_A_FILE[what]
    put(sqlite_url, table, row)
    assert everything(store) == before
    store.policy()
    assert named(store) == {table}
    store.close()


def test_a_text_that_is_not_utf_8_costs_only_its_own_row(sqlite_url: str, home: Path) -> None:
    store = open_store(sqlite_url, home=home)
    for phrase in ("one", "two"):
        store.record_sent("小李", "c1", SENT, op_id=phrase, use=replace(USE, phrase_id=phrase))
    with by_hand(sqlite_url) as connection:
        connection.exec_driver_sql("UPDATE uses SET phrase_id = CAST(x'ff6f6e65' AS TEXT) WHERE phrase_id = 'one'")
    assert [use.phrase_id for use in store.uses()] == ["two", "�one"]
    store.close()


def test_texts_from_the_database_are_clean(store: Store, url: str) -> None:
    put(url, *use(phrase_id="x\x1b[2J", query="a\x07b"))
    put(url, *chat(_STATE.replace('"x"', '"\\u001b]52;c;x\\u0007"') % (_GOOD_TIME, "")))
    assert store.uses()[0].phrase_id == "x␛[2J"
    assert store.uses()[0].query == "a␇b"
    assert store.open_chats("小李")[-1].customer.name == "␛]52;c;x␇"
    assert store.left_out() == ()


def test_an_incident_without_sound_facts_is_not_there_and_one_with_some_keeps_them(store: Store, url: str) -> None:
    put(url, *incident("garbage"))
    put(url, *facts("garbage"))
    assert [one.id for one in store.incidents()] == ["INC-1"]
    assert store.incident("INC-1").version == 1
    for read in (store.incident, store.versions):
        with pytest.raises(NotFound, match="cannot be read"):
            read("INC-BAD")
    assert store.add_version(an_incident(id="INC-1"), expected=2).version == 3
    assert store.incident("INC-1").version == 3


def test_a_policy_that_cannot_be_read_gives_way_to_no_older_one(store: Store, url: str) -> None:
    table, row = BAD["an endless policy"]
    put(url, table, row)
    found = store.policy()
    assert found is not None
    assert (found.version, read_policy(found.text)[0]) == (2, None)
    assert store.publish_policy('currency = "USD"', author="老周", at=NOW).version == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "ZZZ"},
        {"kind": "bogus"},
        {"at": FAR},
        {"at": LATEST_MICROS + 1},
        {"pending": 7},
        {"currency": None},
        {"duration_count": 3},
        {"duration_unit": "day"},
        {"minor": None},
    ],
    ids=str,
)
def test_one_bad_entry_of_the_log_leaves_the_others_to_be_seen(store: Store, url: str, changes: dict[str, Any]) -> None:
    for op_id in ("b", "c", "d"):
        store.add_offer(an_offer(op_id))
    whole = store.sums(OfferFilter(), "incident")
    sound = store.offers()
    words = ", ".join(f"{name} = :{name}" for name in changes)
    with by_hand(url) as connection:
        without_triggers(connection)
        connection.execute(sa.text(f"UPDATE offer_entries SET {words} WHERE seq = 3"), changes)
    assert [offer.id for offer in store.offers()] == ["OFF-1", "OFF-2", "OFF-4"]
    assert [offer.id for offer in store.page(OfferFilter(), limit=3)] == ["OFF-4", "OFF-2", "OFF-1"]
    assert [offer.id for offer in store.page(OfferFilter(), limit=2)] == ["OFF-4", "OFF-2"]
    assert {row.key for row in store.left_out()} == {"#3"}
    assert store.offer("OFF-4") == sound[3]
    for by in ("incident", "agent", "day", "kind", "state", "tier"):
        store.sums(OfferFilter(), by)
    assert store.medians(OfferFilter())
    assert len(store.sums(OfferFilter(), "incident")) <= len(whole) + 1
    assert store.verify().bad_seq == 3


def test_erasing_is_stopped_by_nothing_that_cannot_be_read(store: Store, url: str) -> None:
    put(url, *chat("garbage 王女士"))
    put(url, *sent("garbage 王女士"))
    store.add_offer(an_offer("b"))
    with by_hand(url) as connection:
        without_triggers(connection)
        connection.exec_driver_sql("UPDATE offer_entries SET currency = 'ZZZ' WHERE seq = 2")
    with by_hand(url) as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = origin")
    erased = store.erase("王女士", agent="老周", role="lead", reason="by mail", at=NOW)
    assert (erased.offers, erased.chats) == (2, 2)
    with by_hand(url) as connection:
        for table, column in (("chats", "state"), ("sent_replies", "reply"), ("offer_texts", "text")):
            said = connection.exec_driver_sql(f"SELECT {column} FROM {table}").scalars().all()
            assert not [each for each in said if "王女士" in each]


@pytest.mark.parametrize("wrong", ["a number", b"\xff", 2**62, 1.5])
def test_an_incident_with_a_number_that_is_none_keeps_nobody_from_the_next(
    sqlite_url: str, home: Path, wrong: object
) -> None:
    store = open_store(sqlite_url, home=home)
    opened = store.open_incident(an_incident())
    put(sqlite_url, *facts("{}", id="INC-9", number=wrong))
    if wrong not in (1.5, 2**62):
        put(sqlite_url, *facts("{}", id=opened.id, version=wrong))
    second = store.open_incident(an_incident())
    store.add_version(replace(opened, status="identified"), expected=1)
    assert second.id in [incident.id for incident in store.incidents()]
    assert store.versions(opened.id)[-1].status == "identified"
    store.close()
