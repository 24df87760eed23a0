"""With SQL of their own: what agents and leads of a team try against the log and the rules is refused."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from agent_assist.offers import Head
from agent_assist.offers.chain import chain_entry
from agent_assist.store.ledger import append
from agent_assist.store.schema import metadata
from agent_assist.store.team.grants import POLICIES
from tests.offers.samples import an_event
from tests.store.teams import Team
from tests.store.test_contract import NOW
from tests.store.test_only_grows import by_hand, without_triggers
from tests.store.test_team import facts_by, offer

_COLUMNS = {
    "offer_entries": "minor",
    "offer_texts": "text",
    "incident_versions": "facts",
    "uses": "phrase_id",
    "sent_replies": "reply",
    "missed_searches": "query",
    "policy_versions": "text",
    "publications": "channel",
    "chats": "agent",
    "agent_assist_version": "version_num",
}
_LEADS_ERASE = ("offer_texts", "chats", "sent_replies", "missed_searches")
_DELETE = [f"DELETE FROM {table}" for table in (*_COLUMNS, "desk_changes")]  # noqa: S608
_NOBODY = [
    *(f"UPDATE {table} SET {column} = {column}" for table, column in _COLUMNS.items()),  # noqa: S608
    *(f"TRUNCATE {table} CASCADE" for table in (*_COLUMNS, "desk_changes")),
    "INSERT INTO desk_changes VALUES (0)",
    "SELECT setval('uses_id_seq', 1)",
    "ALTER TABLE offer_entries DISABLE TRIGGER ALL",
    "ALTER TABLE offer_entries DISABLE ROW LEVEL SECURITY",
    "DROP TRIGGER offer_entries_kept ON offer_entries",
    "DROP POLICY team_agent_insert ON offer_entries",
    "DROP TABLE offer_texts",
    "CREATE POLICY mine ON offer_entries FOR UPDATE USING (true)",
    "CREATE RULE mine AS ON INSERT TO offer_entries DO INSTEAD NOTHING",
    "CREATE TRIGGER mine BEFORE INSERT ON offer_entries FOR EACH ROW EXECUTE FUNCTION team_counts()",
    "CREATE OR REPLACE FUNCTION team_may_add(text, bigint, bigint, boolean) RETURNS boolean LANGUAGE sql"
    " AS 'SELECT true'",
    "CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE sql AS 'SELECT 1::text'",
    "CREATE TABLE public.offer_entries_too (id int)",
    "CREATE SCHEMA mine",
    "SET session_replication_role = replica",
    "SET ROLE {owner}",
    "SET ROLE {leads}",
    "SET SESSION AUTHORIZATION {other}",
    "GRANT {leads} TO {me}",
    "ALTER ROLE {me} BYPASSRLS",
    "ALTER ROLE {other} PASSWORD 'x'",
    "CREATE ROLE mine",
    "COPY offer_entries TO PROGRAM 'cat'",
]


def refused_by_hand(people: Team, short: str, statements: Sequence[str]) -> list[str]:
    """The statements that were not refused for want of a right."""
    other = "老周" if short == "小李" else "小李"
    leads = f"{people.database}_lead" if short == "小李" else people.account_of_owner
    names = {"owner": people.account_of_owner, "leads": leads, "me": people.name(short), "other": people.name(other)}
    quoted = {name: f'"{account}"' for name, account in names.items()}
    passed = []
    with by_hand(people.url(short)) as connection:
        for statement in statements:
            attempt = connection.begin_nested()
            try:
                connection.exec_driver_sql(statement.format(**quoted))
            except sa.exc.DBAPIError as error:
                if getattr(error.orig, "sqlstate", "") == "42501":
                    attempt.rollback()
                    continue
            attempt.rollback()
            passed.append(statement)
    return passed


def test_an_agent_changes_nothing_by_hand(people: Team) -> None:
    owner, agent = people.store("owner"), people.store("小李")
    people.store("老周").open_incident(facts_by(people, "老周"))
    offer(people, agent, "小李", "a")
    before = owner.entries()
    assert refused_by_hand(people, "小李", [*_NOBODY, *_DELETE]) == []
    assert owner.entries() == before
    assert owner.verify().ok


def test_a_lead_changes_nothing_by_hand_either_and_deletes_only_what_an_erasure_takes(people: Team) -> None:
    lead = people.store("老周")
    lead.open_incident(facts_by(people, "老周"))
    offer(people, lead, "老周", "a")
    erasable = [f"DELETE FROM {table}" for table in _LEADS_ERASE]  # noqa: S608
    assert refused_by_hand(people, "老周", [*_NOBODY, *(each for each in _DELETE if each not in erasable)]) == []
    with pytest.raises(sa.exc.DBAPIError, match="only grows"), by_hand(people.url("老周")) as connection:
        connection.exec_driver_sql("DELETE FROM offer_texts")
    assert lead.verify().ok


def test_tables_and_functions_of_ones_own_stand_in_for_nothing(people: Team) -> None:
    agent = people.store("小李")
    first = offer(people, agent, "小李", "a")
    entry = an_event("voided", first, agent=people.name("小李"), role="agent")
    with by_hand(people.url("小李")) as connection:
        connection.exec_driver_sql("CREATE TEMP TABLE offer_entries AS SELECT * FROM public.offer_entries")
        connection.exec_driver_sql("UPDATE pg_temp.offer_entries SET seq = 40")
        connection.exec_driver_sql("SET search_path = public, pg_temp")
        with pytest.raises(sa.exc.DBAPIError, match="only grows"):
            append(connection, chain_entry(entry, Head(40, agent.head().hash)))
    with by_hand(people.url("小李")) as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION pg_temp.team_may_add(text, bigint, bigint, boolean) RETURNS boolean"
            " LANGUAGE sql AS 'SELECT true'"
        )
        connection.exec_driver_sql("SET search_path = pg_temp, public")
        with pytest.raises(sa.exc.DBAPIError, match="row-level security"):
            append(connection, chain_entry(replace(entry, event="approved"), agent.head()))


def test_nobody_adds_an_entry_that_would_break_the_chain(people: Team) -> None:
    agent = people.store("小李")
    first = offer(people, agent, "小李", "a", sentence="多行\n“引号” \\ 100%")
    sound = chain_entry(an_event("voided", first, agent=people.name("小李"), role="agent", note="写错了"), agent.head())
    wrong = (
        replace(sound, hash="0" * 64),
        replace(sound, prev="0" * 64),
        replace(sound, rule="x"),
        replace(sound, format=2),
        replace(sound, at=NOW),
    )
    for entry in wrong:
        with pytest.raises(sa.exc.DBAPIError, match="link by link"), by_hand(people.url("小李")) as connection:
            append(connection, entry)
    with by_hand(people.url("小李")) as connection:
        append(connection, sound)
    assert agent.verify().ok


def test_what_the_owner_does_is_found(people: Team) -> None:
    agent = people.store("小李")
    for op_id in ("a", "b", "c"):
        offer(people, agent, "小李", op_id)
    people.server.run(f'ALTER ROLE "{people.account_of_owner}" SUPERUSER')
    with by_hand(people.owner) as connection:
        without_triggers(connection)
        connection.exec_driver_sql("UPDATE offer_entries SET minor = 1 WHERE seq = 2")
    assert agent.verify().bad_seq == 2
    with by_hand(people.owner) as connection:
        without_triggers(connection)
        connection.exec_driver_sql("UPDATE offer_entries SET minor = 2000 WHERE seq = 2")
        connection.exec_driver_sql("DELETE FROM offer_texts WHERE seq = 3")
        connection.exec_driver_sql("DELETE FROM offer_entries WHERE seq = 3")
    assert agent.verify().bad_seq == 3


def test_the_count_of_changes_only_rises_whatever_is_written(people: Team) -> None:
    agent = people.store("小李")
    before = agent.change_token()
    with by_hand(people.url("小陈")) as connection:
        connection.exec_driver_sql("UPDATE desk_changes SET token = -5")
    assert agent.change_token() == before + 1


def test_every_table_has_its_rules(people: Team) -> None:
    assert set(POLICIES) == {*metadata.tables, "desk_changes"}
    with by_hand(people.owner) as connection:
        unprotected = connection.exec_driver_sql(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND NOT relrowsecurity"
        ).scalars()
        assert list(unprotected) == []
        owners = "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        assert connection.exec_driver_sql(owners).scalars().all() == [f'"{people.account_of_owner}"']
