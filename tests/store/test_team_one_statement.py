# ruff: noqa: S608
"""Several rows in one statement: each is judged with those before it, however the statement is put together."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from agent_assist.errors import AgentAssistError
from agent_assist.offers import Entry, Head, Money
from agent_assist.offers.chain import chain_entry, offer_entry, values
from agent_assist.store import team_accounts
from agent_assist.store.schema import offer_entries
from tests.offers.samples import SALT, an_event, an_offer
from tests.store.teams import Team
from tests.store.test_only_grows import by_hand
from tests.store.test_team import offer, put, put_waiting

Row = dict[str, Any]
Way = Callable[[sa.Connection, Sequence[Row]], None]
_NAMES = [column.name for column in offer_entries.columns]
_QUOTED = ", ".join(f'"{name}"' for name in _NAMES)


def rows_after(head: Head, entries: Sequence[Entry]) -> list[Row]:
    """The entries as they must stand, one after the other."""
    rows = []
    for entry in entries:
        placed = chain_entry(entry, head)
        rows.append({**values(placed), "format": placed.format, "hash": placed.hash})
        head = Head(placed.seq, placed.hash)
    return rows


def literal(row: Row) -> str:
    def word(value: object) -> str:
        return "NULL" if value is None else str(value) if isinstance(value, int) else f"'{value}'"

    return f"({', '.join(word(row[name]) for name in _NAMES)})"


def in_one_insert(connection: sa.Connection, rows: Sequence[Row]) -> None:
    connection.exec_driver_sql(f"INSERT INTO offer_entries ({_QUOTED}) VALUES {', '.join(map(literal, rows))}")


def from_a_select(connection: sa.Connection, rows: Sequence[Row]) -> None:
    connection.exec_driver_sql("CREATE TEMP TABLE mine (LIKE public.offer_entries)")
    connection.exec_driver_sql(f"INSERT INTO pg_temp.mine ({_QUOTED}) VALUES {', '.join(map(literal, rows))}")
    connection.exec_driver_sql("INSERT INTO public.offer_entries SELECT * FROM pg_temp.mine ORDER BY seq")


def in_a_cte(connection: sa.Connection, rows: Sequence[Row]) -> None:
    connection.exec_driver_sql("CREATE TEMP TABLE mine (LIKE public.offer_entries)")
    connection.exec_driver_sql(f"INSERT INTO pg_temp.mine ({_QUOTED}) VALUES {', '.join(map(literal, rows))}")
    into = "INSERT INTO public.offer_entries SELECT mine.* FROM pg_temp.mine"
    first = f"{into} WHERE mine.seq = {rows[0]['seq']} RETURNING seq"
    connection.exec_driver_sql(f"WITH first AS ({first}) {into}, first WHERE mine.seq > first.seq")


def unless_in_conflict(connection: sa.Connection, rows: Sequence[Row]) -> None:
    words = f"INSERT INTO offer_entries ({_QUOTED}) VALUES {', '.join(map(literal, rows))}"
    connection.exec_driver_sql(f"{words} ON CONFLICT DO NOTHING")


def in_a_block(connection: sa.Connection, rows: Sequence[Row]) -> None:
    words = f"INSERT INTO offer_entries ({_QUOTED}) VALUES {', '.join(map(literal, rows))}"
    connection.exec_driver_sql(f"DO $$ BEGIN {words}; END $$")


def one_by_one_under_savepoints(connection: sa.Connection, rows: Sequence[Row]) -> None:
    for row in rows:
        with connection.begin_nested():
            in_one_insert(connection, [row])


def prepared(connection: sa.Connection, rows: Sequence[Row]) -> None:
    words = f"INSERT INTO offer_entries ({_QUOTED}) VALUES {', '.join(map(literal, rows))}"
    connection.exec_driver_sql(f"PREPARE mine AS {words}")
    connection.exec_driver_sql("EXECUTE mine")


def in_an_old_snapshot(connection: sa.Connection, rows: Sequence[Row]) -> None:
    connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    in_one_insert(connection, rows)


WAYS: list[Way] = [
    in_one_insert,
    from_a_select,
    in_a_cte,
    unless_in_conflict,
    in_a_block,
    one_by_one_under_savepoints,
    prepared,
    in_an_old_snapshot,
]


def adjusted(seq: int, **changes: Any) -> Entry:
    return an_event("adjusted", seq, kind="coupon", money=Money(90_000_000, "CNY"), **changes)


def a_new_offer(agent: str, op_id: str = "mine", *, pending: bool = True) -> Entry:
    return replace(offer_entry(an_offer(op_id, agent=agent), Head(), lambda: SALT), pending=pending, texts={})


def deeds(*events: str) -> Callable[[int], list[Entry]]:
    """These events about one offer, by whoever signs in."""

    def made(seq: int) -> list[Entry]:
        return [
            adjusted(seq, op_id=f"{n}", pending=True) if event == "adjusted" else an_event(event, seq, op_id=f"{n}")
            for n, event in enumerate(events)
        ]

    return made


LEADS = {
    "adjust what another promised and approve the own amount": deeds("adjusted", "approved"),
    "adjust and decline": deeds("adjusted", "declined"),
    "decline and approve": deeds("declined", "approved"),
    "approve and decline": deeds("approved", "declined"),
    "approve twice": deeds("approved", "approved"),
    "decline twice": deeds("declined", "declined"),
    "void and deliver": deeds("voided", "delivered"),
    "void and adjust": deeds("voided", "adjusted"),
    "void and approve": deeds("voided", "approved"),
    "decline and deliver": deeds("declined", "delivered"),
    "approve, deliver and approve again": deeds("approved", "delivered", "approved"),
}
AGENTS = {
    "void and deliver": deeds("voided", "delivered"),
    "void and adjust": deeds("voided", "adjusted"),
    "void twice": deeds("voided", "voided"),
    "adjust so that it waits, and deliver": deeds("adjusted", "delivered"),
}


def refused(people: Team, short: str, entries: Sequence[Entry], way: Way) -> None:
    """Nothing of it is taken, and the log stays as it was."""
    store = people.store("owner")
    before = store.head()
    role = "lead" if short.startswith("老") else "agent"
    mine = [replace(entry, agent=people.name(short), role=role) for entry in entries]
    with (
        pytest.raises(sa.exc.DBAPIError, match="row-level security"),
        by_hand(people.url(short)) as connection,
    ):
        way(connection, rows_after(before, mine))
    assert store.head() == before
    assert store.verify().ok


@pytest.mark.parametrize("what", LEADS)
def test_a_lead_decides_once_also_in_one_insert(people: Team, what: str) -> None:
    refused(people, "老周", LEADS[what](put_waiting(people, "小李", "a")), in_one_insert)


@pytest.mark.parametrize("what", AGENTS)
def test_an_agent_ends_an_offer_once_also_in_one_insert(people: Team, what: str) -> None:
    refused(people, "小李", AGENTS[what](offer(people, people.store("小李"), "小李", "a")), in_one_insert)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_nobody_approves_their_own_by_any_statement(people: Team, way: Way) -> None:
    waiting = put_waiting(people, "小李", "a")
    refused(people, "老周", LEADS["adjust what another promised and approve the own amount"](waiting), way)
    own = [a_new_offer(people.name("老周")), an_event("approved", waiting + 1, op_id="self")]
    refused(people, "老周", own, way)
    sound = offer(people, people.store("小李"), "小李", "b")
    refused(people, "小李", deeds("voided", "delivered")(sound), way)
    with_others = [an_event("voided", sound, op_id="v"), an_event("voided", waiting, op_id="w")]
    refused(people, "小陈", with_others, way)


def copied_in(connection: sa.Connection, rows: Sequence[Row]) -> None:
    raw: Any = connection.connection.driver_connection
    with raw.cursor().copy(f"COPY offer_entries ({_QUOTED}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([row[name] for name in _NAMES])


def test_rows_cannot_be_copied_in(people: Team) -> None:
    waiting = put_waiting(people, "小李", "a")
    head = people.store("owner").head()
    both = [replace(entry, agent=people.name("老周")) for entry in deeds("declined", "approved")(waiting)]
    with by_hand(people.url("老周")) as connection, pytest.raises(psycopg.Error, match="not supported with row-level"):
        copied_in(connection, rows_after(head, both))
    assert people.store("owner").head() == head


def test_what_is_allowed_is_allowed_in_one_insert_too(people: Team) -> None:
    waiting = put_waiting(people, "小李", "a")
    head = people.store("owner").head()
    sound = [replace(entry, agent=people.name("老周")) for entry in deeds("approved", "delivered", "voided")(waiting)]
    with by_hand(people.url("老周")) as connection:
        in_one_insert(connection, rows_after(head, sound))
    found = people.store("老周").offer(f"OFF-{waiting}")
    assert (found.state, people.store("owner").verify().ok) == ("voided", True)


def test_two_sessions_make_one_decision(people: Team) -> None:
    waiting = put_waiting(people, "小李", "a")
    head, outcomes = people.store("owner").head(), []
    both_ready = threading.Barrier(2)

    def decide(short: str, event: str) -> None:
        entry = replace(an_event(event, waiting, op_id=short), agent=people.name(short))
        try:
            with by_hand(people.url(short)) as connection:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                connection.exec_driver_sql("SELECT count(*) FROM offer_entries").scalar_one()
                both_ready.wait(30)
                in_one_insert(connection, rows_after(head, [entry]))
            outcomes.append(event)
        except sa.exc.DBAPIError:
            outcomes.append("refused")

    threads = [threading.Thread(target=decide, args=pair) for pair in (("老周", "approved"), ("老王", "declined"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert outcomes.count("refused") == 1
    assert [entry.event for entry in people.store("owner").entries()] == [
        "offered",
        next(o for o in outcomes if o != "refused"),
    ]
    with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
        put(people, "老周", an_event("approved", waiting, op_id="late", agent=people.name("老周")))


def test_a_database_of_an_older_version_judges_row_by_row_once_its_owner_opened_it(people: Team) -> None:
    waiting = put_waiting(people, "小李", "a")
    with by_hand(people.owner) as connection:
        connection.exec_driver_sql("ALTER FUNCTION team_may_add(text, bigint, bigint, boolean) STABLE")
        connection.exec_driver_sql("DROP TABLE publications")
        connection.exec_driver_sql("UPDATE agent_assist_version SET version_num = '0002'")
    for short in ("老周", "小李"):
        with pytest.raises(AgentAssistError, match="team init"):
            people.store(short)
    team_accounts.init(people.owner)
    refused(people, "老周", deeds("declined", "approved")(waiting), in_one_insert)
