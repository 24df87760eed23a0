# ruff: noqa: S608
"""What an agent or a lead inserts by hand has bounds: no row of theirs is one that a desk cannot read."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from agent_assist.offers import Entry, Head, Money
from agent_assist.offers.chain import chain_entry, offer_entry, values
from agent_assist.offers.currencies import CURRENCIES
from agent_assist.store.ledger import append
from agent_assist.store.schema import metadata
from agent_assist.store.team.schema_shapes import SHAPES
from tests.offers.samples import SALT, an_offer
from tests.store.teams import Team
from tests.store.test_contract import NOW, SENT, USE
from tests.store.test_only_grows import by_hand
from tests.store.test_team import facts_by, offer

_USE = "INSERT INTO uses(agent,phrase_id,query,lang,stage,edited,at) VALUES (session_user,"
_SENT = "INSERT INTO sent_replies(op_id,agent,chat_id,at,reply) VALUES"
_REPLY = """'{"at":"2026-11-20T06:10:00Z","phrase_id":"x","lang":"zh","text":"x"}'"""
_STATE = """'{"id":"c9","customer":{},"opened_at":"2026-11-20T06:10:00Z"}'"""
_FACTS = (
    """'{"id":"INC-9","version":1,"title":"x","started_at":"2026-11-20T06:10:00Z","""
    """"updated_at":"2026-11-20T06:10:00Z"}'"""
)
_PUBLICATION = "INSERT INTO publications(incident,version,at,agent,channel,tells) VALUES"

AGENTS = [
    f"{_USE}'x','','zh','',0,9000000000000000000)",
    f"{_USE}'x','','zh','',0,-9000000000000000000)",
    f"{_USE}'x','','zh','',0,253402300799000000)",
    f"{_USE}repeat('x',501),'','zh','',0,0)",
    f"{_USE}'x',repeat('x',4001),'zh','',0,0)",
    f"{_USE}'x','',repeat('x',501),'',0,0)",
    f"{_USE}'x','','zh','',7,0)",
    "INSERT INTO uses(id,agent,phrase_id,query,lang,stage,edited,at) VALUES (77,session_user,'x','','zh','',0,0)",
    "INSERT INTO sent_replies(id,op_id,agent,chat_id,at,reply) SELECT g,'z'||g,session_user,'c',0,'{}'"
    " FROM generate_series(2, 100) g",
    f"{_SENT} ('z',session_user,'c',9000000000000000000,{_REPLY})",
    f"{_SENT} ('z',session_user,'c',0,'{{}}')",
    f"{_SENT} ('z',session_user,'c',0,'[]')",
    f"{_SENT} ('z',session_user,'c',0,'no reply')",
    f"{_SENT} (repeat('z',501),session_user,'c',0,{_REPLY})",
    "INSERT INTO missed_searches(agent,query,at) VALUES (session_user,'x',9000000000000000000)",
    "INSERT INTO missed_searches(agent,query,at) VALUES (session_user,repeat('x',4001),0)",
    "INSERT INTO missed_searches(id,agent,query,at) VALUES (9,session_user,'x',0)",
    f"{_PUBLICATION} ('INC-1',0,0,session_user,'reply','notice')",
    f"{_PUBLICATION} ('INC-1',2000000000,0,session_user,'reply','notice')",
    f"{_PUBLICATION} ('INC-1',1,9000000000000000000,session_user,'reply','notice')",
    f"{_PUBLICATION} ('',1,0,session_user,'reply','notice')",
    f"{_PUBLICATION} ('INC-1',1,0,session_user,repeat('x',501),'notice')",
    f"{_PUBLICATION} ('INC-1',1,0,'somebody','reply','notice')",
    "INSERT INTO publications(id,incident,version,at,agent,channel,tells)"
    " VALUES (9,'INC-1',1,0,session_user,'reply','notice')",
    "INSERT INTO chats VALUES (session_user,'c1',1,0,NULL,'garbage 王女士')",
    "INSERT INTO chats VALUES (session_user,'c1',1,0,NULL,'{}')",
    f"INSERT INTO chats VALUES (session_user,'c1',1,9000000000000000000,NULL,{_STATE})",
    f"INSERT INTO chats VALUES (session_user,repeat('x',501),1,0,NULL,{_STATE})",
    "UPDATE chats SET state = 'garbage'",
    "UPDATE chats SET closed_at = 9000000000000000000",
]
LEADS = [
    f"INSERT INTO incident_versions VALUES ('INC-9',2147483647,2,'identified',session_user,0,{_FACTS})",
    f"INSERT INTO incident_versions VALUES ('INC-9',1,9000000000000000000,'identified',session_user,0,{_FACTS})",
    f"INSERT INTO incident_versions VALUES ('INC-9',1,2,'identified',session_user,9000000000000000000,{_FACTS})",
    "INSERT INTO incident_versions VALUES ('INC-9',1,2,'identified',session_user,0,'garbage')",
    "INSERT INTO incident_versions VALUES ('INC-9',1,2,'identified',session_user,0,'{}')",
    "INSERT INTO policy_versions VALUES (2147483647,0,session_user,'x')",
    "INSERT INTO policy_versions VALUES (1,9000000000000000000,session_user,'x')",
    "INSERT INTO policy_versions VALUES (1,0,session_user,repeat('x',1000001))",
    "UPDATE chats SET state = 'garbage'",
]


def kept_out(people: Team, short: str, statements: list[str]) -> list[str]:
    """The statements that the database took all the same."""
    taken = []
    with by_hand(people.url(short)) as connection:
        for statement in statements:
            attempt = connection.begin_nested()
            try:
                connection.exec_driver_sql(statement)
                taken.append(statement)
            except sa.exc.DBAPIError:
                pass
            attempt.rollback()
    return taken


def test_an_agent_inserts_nothing_that_a_desk_cannot_read(people: Team) -> None:
    agent, me = people.store("小李"), people.name("小李")
    agent.record_sent(me, "c1", SENT, op_id="sent-1", use=replace(USE, agent=me))
    with by_hand(people.url("小李")) as connection:
        connection.exec_driver_sql(f"INSERT INTO chats VALUES (session_user,'c9',1,0,NULL,{_STATE})")
        connection.exec_driver_sql(f"{_SENT} ('z',session_user,'c',0,{_REPLY})")
        connection.exec_driver_sql(f"{_USE}'x','','zh','',0,0)")
    assert kept_out(people, "小李", AGENTS) == []


def test_a_lead_inserts_nothing_that_a_desk_cannot_read_either(people: Team) -> None:
    people.store("老周").open_incident(facts_by(people, "老周"))
    with by_hand(people.url("小李")) as connection:
        connection.exec_driver_sql(f"INSERT INTO chats VALUES (session_user,'c9',1,0,NULL,{_STATE})")
    assert kept_out(people, "老周", LEADS) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"minor": -5},
        {"minor": 0},
        {"currency": "ZZZ"},
        {"currency": None},
        {"kind": "bogus"},
        {"kind": ""},
        {"at": 9 * 10**18},
        {"pending": 7},
        {"duration_count": 3},
        {"duration_count": 0, "duration_unit": "day"},
        {"duration_count": 3, "duration_unit": "year"},
        {"rule": "x" * 501},
        {"customer": "no digest"},
    ],
    ids=str,
)
def test_an_entry_that_is_linked_but_not_sound_is_not_taken(
    people: Team, changes: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Numbered, linked and hashed as it should be: only what it says is wrong."""
    from agent_assist.offers import chain

    agent = people.store("小李")
    offer(people, agent, "小李", "a")
    sound = chain.values

    def wrong(entry: Entry) -> dict[str, int | str | None]:
        return {**sound(entry), **changes}  # type: ignore[dict-item]

    entry = replace(offer_entry(an_offer("b", agent=people.name("小李")), Head(), lambda: SALT), texts={})
    monkeypatch.setattr(chain, "values", wrong)
    monkeypatch.setattr("agent_assist.store.ledger.values", wrong)
    with (
        pytest.raises(sa.exc.DBAPIError, match="row-level security"),
        by_hand(people.url("小李")) as connection,
    ):
        append(connection, chain_entry(entry, agent.head()))
    monkeypatch.undo()
    assert [each.op_id for each in agent.entries()] == ["a"]
    assert offer(people, agent, "小李", "c", money=Money(1, "KWD")) == 2


def test_a_text_that_cannot_be_one_is_not_taken(people: Team) -> None:
    agent = people.store("小李")
    seq = offer(people, agent, "小李", "a", reason="")
    for row in ("'bogus','aa','x'", "'reason','no hex','x'", "'reason','','x'"):
        with pytest.raises(sa.exc.DBAPIError, match="row-level security"), by_hand(people.url("小李")) as connection:
            connection.exec_driver_sql(f"INSERT INTO offer_texts VALUES ({seq},{row})")
    assert agent.verify().ok


def put_entry(url: str, entry: Entry, texts: Sequence[tuple[str, str, str]]) -> None:
    """Write an entry and its texts as nobody but a hand would."""
    with by_hand(url) as connection:
        row = {**values(entry), "format": entry.format, "hash": entry.hash}
        connection.execute(metadata.tables["offer_entries"].insert(), row)
        for name, salt, text in texts:
            row = {"seq": entry.seq, "name": name, "salt": salt, "text": text}
            connection.execute(metadata.tables["offer_texts"].insert(), row)


@pytest.mark.parametrize("short", ["小李", "老周"])
@pytest.mark.parametrize("wrong", ["another text", "another salt", "no text", "one text of two", "a text too many"])
def test_an_entry_whose_texts_do_not_open_is_not_taken(people: Team, short: str, wrong: str) -> None:
    """It would be found for ever by everybody's check of the log, as if the owner had changed it."""
    store = people.store(short)
    offer(people, store, short, "a")
    new = an_offer("b", agent=people.name(short), reason="迟到" if wrong == "one text of two" else "")
    entry = offer_entry(new, store.head(), lambda: SALT, role="lead" if short == "老周" else "agent")
    rows = [(each, one.salt, one.text) for each, one in entry.texts.items()]
    name, salt, text = rows[0]
    if wrong == "another text":
        rows[0] = (name, salt, text + "！")
    elif wrong == "another salt":
        rows[0] = (name, salt + "11", text)
    elif wrong == "no text":
        rows = []
    elif wrong == "one text of two":
        rows = rows[1:]
    else:
        rows.append(("note", SALT, "x"))
    with pytest.raises(sa.exc.DBAPIError, match=r"speaks of|with its texts"):
        put_entry(people.url(short), entry, rows)
    assert store.verify().ok
    offer(people, store, short, "c", reason="长" * 3_000)
    assert store.verify().ok


def test_every_table_has_bounds_and_every_currency_is_taken() -> None:
    assert set(SHAPES) == set(metadata.tables)
    assert all(f"'{code}'" in SHAPES["offer_entries"] for code in CURRENCIES)


def test_numbers_taken_ahead_of_their_turn_stop_nobody(people: Team) -> None:
    """What was written before the rules were there is passed by when the database is brought up to date."""
    with by_hand(people.owner) as connection:
        connection.exec_driver_sql(
            "INSERT INTO sent_replies(id,op_id,agent,chat_id,at,reply)"
            " SELECT g,'z'||g,'x','c',0,'{}' FROM generate_series(1, 50) g"
        )
        connection.exec_driver_sql("DROP TABLE publications")
        connection.exec_driver_sql("UPDATE agent_assist_version SET version_num = '0002'")
    people.store("owner")
    agent, me = people.store("小李"), people.name("小李")
    agent.record_sent(me, "c1", SENT, op_id="sent-1", use=replace(USE, agent=me, at=NOW))
    assert agent.uses(me)
