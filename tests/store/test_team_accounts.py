"""Accounts of a team: people's names in any script, passwords shown once, and nobody in two teams by accident."""

import psycopg
import pytest
import sqlalchemy as sa

from agent_assist.errors import AgentAssistError, NotFound, Refused
from agent_assist.store import open_store, team_accounts
from tests.offers.samples import an_offer
from tests.store.engines import Server
from tests.store.teams import Team
from tests.store.test_contract import NOW
from tests.store.test_only_grows import by_hand


def test_the_team_is_listed_by_name_with_roles_and_without_the_owner(people: Team) -> None:
    names = {each.name: each.role for each in team_accounts.accounts(people.owner)}
    assert names == {
        people.name("小李"): "agent",
        people.name("小陈"): "agent",
        people.name("老周"): "lead",
        people.name("老王"): "lead",
    }


def test_setting_up_again_changes_nothing_and_repairs_what_was_lost(people: Team) -> None:
    with by_hand(people.owner) as connection:
        connection.exec_driver_sql("DROP POLICY team_agent_insert ON offer_entries")
        connection.exec_driver_sql(f'GRANT DELETE ON offer_entries TO "{people.database}_agent"')
    team_accounts.init(people.owner)
    team_accounts.init(people.owner)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), psycopg.connect(people.url("小李")) as connection:
        connection.execute("DELETE FROM offer_entries")
    store = people.store("小李")
    assert store.add_offer(an_offer(agent=people.name("小李"))).offer.seq == 1


def test_a_password_is_made_once_and_reaches_the_server_only_as_a_verifier(people: Team) -> None:
    added = people.add("小赵", "agent")
    assert len(added.password) >= 20
    assert sa.make_url(added.url).password == added.password
    with psycopg.connect(people.server.handle.get_uri()) as connection:
        row = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [people.name("小赵")])
        assert str(row.fetchone()).startswith("('SCRAM-SHA-256$")
    given = team_accounts.add(people.owner, people.name("小赵"), "agent", password="自己的密码")  # noqa: S106
    assert given.password == "自己的密码"  # noqa: S105


def test_the_password_of_the_owner_is_never_handed_on(people: Team) -> None:
    owner = sa.make_url(people.owner).set(password="geheim").render_as_string(hide_password=False)  # noqa: S106
    for existing in (False, True):
        added = team_accounts.add(owner, people.name("小李"), "agent", existing=existing)
        assert "geheim" not in added.url
        assert sa.make_url(added.url).password == (added.password or None)


def test_who_becomes_a_lead_is_no_longer_only_an_agent(people: Team) -> None:
    team_accounts.add(people.owner, people.name("小李"), "lead", existing=True)
    assert people.store("小李").role() == "lead"
    team_accounts.add(people.owner, people.name("小李"), "agent", existing=True)
    assert people.store("小李").role() == "agent"


def test_who_is_removed_signs_in_no_more_and_an_open_desk_loses_its_rights_at_once(people: Team) -> None:
    desk = people.store("小李")
    desk.add_offer(an_offer(agent=people.name("小李")))
    assert team_accounts.remove(people.owner, people.name("小李")).role == "agent"
    with pytest.raises(Refused, match="does not let you"):
        desk.add_offer(an_offer("op-2", agent=people.name("小李")))
    with pytest.raises(Refused, match="does not let you"):
        desk.offers()
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        psycopg.connect(people.url("小李"))
    assert people.name("小李") not in {each.name for each in team_accounts.accounts(people.owner)}
    assert people.store("owner").offers()[0].agent == people.name("小李")
    with pytest.raises(NotFound, match="not in the team"):
        team_accounts.remove(people.owner, people.name("小李"))
    with pytest.raises(Refused, match="knows an account"):
        people.add("小李", "agent")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "nobody"),
        (" 小李", "a space in front"),
        ("小\u202e李", "a sign that turns the text round"),
        ("a\nb", "two lines"),
        ("名" * 22, "66 bytes, the server would cut it"),
        ("pg_monitor", "the server's own"),
        ("PUBLIC", "everybody"),
    ],
)
def test_names_that_could_deceive_or_be_cut_are_refused(postgres: Server, name: str, why: str) -> None:
    with pytest.raises(Refused):
        team_accounts.add(postgres.url(), name, "agent")


def test_a_name_is_never_part_of_a_statement(people: Team) -> None:
    for short in ('Robert"; DROP TABLE chats; --', "O'Neil %s {0} %(x)s", "王 芳"):
        people.add(short, "agent")
        store, name = people.store(short), people.name(short)
        assert store.role() == "agent"
        assert store.add_offer(an_offer(short, agent=name)).offer.agent == name


def test_two_names_that_look_alike_are_not_both_given(people: Team) -> None:
    people.add("Li Wei", "agent")
    with pytest.raises(Refused, match="too much like"):
        people.add("li  wei", "agent")


def test_two_teams_on_one_server_share_no_rights(people: Team) -> None:
    other = Team(people.server, people.home)
    try:
        with pytest.raises(Refused, match="does not let you"):
            open_store(sa.make_url(other.owner).set(username=people.name("小李")).render_as_string(hide_password=False))
        team_accounts.add(other.owner, people.name("小李"), "lead", existing=True)
        assert people.store("小李").role() == "agent"
        team_accounts.remove(other.owner, people.name("小李"))
        assert people.store("小李").role() == "agent"
    finally:
        other.close()


def test_only_the_owner_manages_the_team(people: Team) -> None:
    for act in (team_accounts.init, team_accounts.accounts):
        with pytest.raises(Refused, match="Only the owner"):
            act(people.url("老周"))


def test_a_file_is_no_team_and_a_database_without_a_team_says_so(sqlite_url: str, postgres_url: str) -> None:
    with pytest.raises(Refused, match="needs PostgreSQL"):
        team_accounts.init(sqlite_url)
    with pytest.raises(Refused, match="No team was set up"):
        team_accounts.accounts(postgres_url)


def test_an_owner_who_may_not_create_accounts_is_told_the_way_out(people: Team) -> None:
    fresh = people.server.empty()
    name = sa.make_url(fresh).database
    people.server.run(f'ALTER ROLE "{people.account_of_owner}" NOCREATEROLE')
    people.server.run(f'ALTER DATABASE {name} OWNER TO "{people.account_of_owner}"')
    with pytest.raises(Refused, match="CREATEROLE"):
        team_accounts.init(
            sa.make_url(fresh).set(username=people.account_of_owner).render_as_string(hide_password=False)
        )


_LATER_INDEXES = """
SELECT indexrelid::regclass FROM pg_index WHERE indrelid IN ('offer_entries'::regclass, 'offer_texts'::regclass)
AND NOT indisunique"""
_FIRST_INDEXES = {"offer_seq": "offer_seq", "incident": "incident", "agent": "agent, at"}


def as_first_made(connection: sa.Connection) -> None:
    """The tables of the first version, as far as the next step touches them."""
    for index in connection.exec_driver_sql(_LATER_INDEXES).scalars().all():
        connection.exec_driver_sql(f"DROP INDEX {index}")
    for name, columns in _FIRST_INDEXES.items():
        connection.exec_driver_sql(f"CREATE INDEX ix_offer_entries_{name} ON offer_entries ({columns})")
    connection.exec_driver_sql("DROP TABLE policy_versions, publications")
    connection.exec_driver_sql("UPDATE agent_assist_version SET version_num = '0001'")


def test_an_update_is_made_by_the_owner_and_brings_the_rights_along(people: Team) -> None:
    with by_hand(people.owner) as connection:
        as_first_made(connection)
    with pytest.raises(AgentAssistError, match="older version") as refused:
        open_store(people.url("小李"))
    assert "team init" in refused.value.hint
    team_accounts.init(people.owner)
    assert people.store("小李").policy() is None
    with pytest.raises(Refused):
        people.store("小李").publish_policy("", author=people.name("小李"), at=NOW)
    assert people.store("老周").publish_policy("", author=people.name("老周"), at=NOW).version == 1
