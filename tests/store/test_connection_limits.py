"""The desk that gets no connection any more, and the limit of an account's connections."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from agent_assist import locale
from agent_assist.cli import main
from agent_assist.errors import NotSaved, Unreachable
from agent_assist.library_errors import lacks_connection
from agent_assist.services import Services
from agent_assist.services.draft_journal import FOLDER
from agent_assist.store import open_store, team_accounts
from agent_assist.store.engines import postgres
from agent_assist.store.team_accounts import MAX_CONNECTIONS
from agent_assist.tui.app import AgentAssistApp
from agent_assist.tui.desk import store_watch, sync
from tests.conftest import SHANGHAI
from tests.store.pooler import running_pooler, through
from tests.store.teams import Team
from tests.store.test_contract import a_chat
from tests.store.test_team import facts_by
from tests.tui.standing import WIDE, Clock, Standing, settings
from tests.tui.test_drafts_while_away import until

NO_MORE = "The database takes no more connections now."


@pytest.fixture
def limit(people: Team) -> Callable[[int], None]:
    """Sets how many connections 小李 may have."""
    return lambda number: people.server.run(f'ALTER ROLE "{people.name("小李")}" CONNECTION LIMIT {number}')


def limit_of(people: Team, name: str) -> int:
    return int(
        people.server.admin.execute("SELECT rolconnlimit FROM pg_roles WHERE rolname = %s", (name,)).fetchall()[0][0]
    )


def test_an_account_of_the_team_opens_no_more_than_its_limit(people: Team) -> None:
    with ExitStack() as held:
        for _ in range(MAX_CONNECTIONS):
            held.enter_context(psycopg.connect(people.url("小李")))
        with pytest.raises(psycopg.OperationalError, match="too many connections for role") as refused:
            psycopg.connect(people.url("小李"))
        assert lacks_connection(str(refused.value)) == "account"
        held.enter_context(psycopg.connect(people.url("小陈")))  # which is no limit for others


def test_one_desk_at_its_busiest_and_another_stay_below_the_limit(people: Team) -> None:
    desks = [people.store("小李") for _ in range(2)]
    with ExitStack() as busy:
        for desk in desks:
            desk.wait_for_change(0)
            for _ in range(postgres.MAX_POOLED):
                busy.enter_context(desk.database.read())  # type: ignore[attr-defined]
        with pytest.raises(Unreachable, match="of your account"):
            open_store(people.url("小李"))


def test_older_teams_get_their_limits_when_they_are_set_up_again(
    people: Team, limit: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    limit(-1)
    people.server.run(f'ALTER ROLE "{people.name("小陈")}" CONNECTION LIMIT 20')  # the server's administrator knows why
    monkeypatch.setenv("AGENT_ASSIST_DATABASE", people.owner)
    main(["doctor"])
    assert "any number of connections: 1. To limit them: agent-assist team init" in capsys.readouterr().out
    team_accounts.init(people.owner)
    limits = {short: limit_of(people, people.name(short)) for short in ("小李", "小陈", "老周")}
    assert limits == {"小李": MAX_CONNECTIONS, "小陈": 20, "老周": MAX_CONNECTIONS}
    main(["doctor"])
    assert "any number of connections" not in capsys.readouterr().out


def test_an_account_that_somebody_else_made_keeps_the_limit_it_has(people: Team) -> None:
    name = people.name("外援")
    people.expect(name)
    people.server.run(f'CREATE ROLE "{name}" LOGIN')
    team_accounts.add(people.owner, name, "agent", existing=True)
    team_accounts.init(people.owner)
    assert limit_of(people, name) == -1


@pytest.mark.parametrize("of", ["role", "database"])
def test_what_gets_no_connection_says_so_in_one_sentence_and_the_way_out(
    people: Team, limit: Callable[[int], None], of: str
) -> None:
    desk = people.store("小李")
    desk.wait_for_change(0)
    desk.database._engine.dispose()  # type: ignore[attr-defined]
    if of == "role":
        limit(1)
    else:
        people.server.run(f"ALTER DATABASE {people.database} CONNECTION LIMIT 1")
    hint = "of your account are open: close one" if of == "role" else "tell whoever runs the server"
    for act, kind, words in (
        (lambda: open_store(people.url("小李")), Unreachable, NO_MORE),
        (desk.incidents, Unreachable, NO_MORE),
        (lambda: desk.save_chat(people.name("小李"), a_chat()), NotSaved, "Not saved: the database takes no more"),
    ):
        with pytest.raises(kind, match=words) as refused:
            act()
        assert hint in refused.value.hint
    people.server.run(f"ALTER DATABASE {people.database} CONNECTION LIMIT -1")
    limit(MAX_CONNECTIONS)
    assert desk.save_chat(people.name("小李"), a_chat()) == "saved"


@pytest.mark.parametrize(
    ("message", "whose"),
    [
        ("FATAL:  sorry, too many clients already", "all"),
        ("FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute", "all"),
        ("FATAL:  remaining connection slots are reserved for non-replication superuser connections", "all"),
        ('FATAL:  too many connections for role "小李"', "account"),
        ('FATAL:  too many connections for database "desk"', "all"),
        ("致命错误:  对不起, 已经有太多的客户", "all"),
        ("致命错误:  已保留的连接位置为执行非复制请求的超级用户预留", "all"),
        ('致命错误:  由角色"小李"发起的连接太多了', "account"),
        ('致命错误:  到数据库 "desk"的连接太多了', "all"),
        ("ERROR:  no more connections allowed (max_client_conn)", "all"),
        ("query_wait_timeout", "all"),
        ("FATAL:  the database system is starting up", ""),
    ],
)
def test_limits_of_connections_are_known_by_their_words(message: str, whose: str) -> None:
    assert lacks_connection(message) == whose


def test_the_limit_of_a_pooler_is_told_like_that_of_a_server(people: Team) -> None:
    server = Path(people.server.handle.pgdata)
    config = """
[databases]
* = host={socket} user=postgres
[pgbouncer]
listen_addr =
unix_socket_dir = {own}
pool_mode = transaction
auth_type = any
auth_file = {own}/users
max_client_conn = 1
"""
    with running_pooler(server, config, {"users": ""}) as own:
        url = through(people.url("小李"), own)
        with psycopg.connect(url), pytest.raises(Unreachable, match="takes no more connections"):
            open_store(url)


@pytest.fixture
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_watch, "STORE_RETRY_DELAY", 0.05)
    monkeypatch.setattr(sync, "JOURNAL_DELAY", 0.05)


async def test_a_desk_without_a_connection_goes_on_and_comes_back_by_itself(
    people: Team, limit: Callable[[int], None], tmp_path: Path, no_pauses: None
) -> None:
    people.store("老周").open_incident(facts_by(people, "老周"))
    limit(0)
    given = settings(tmp_path, database=people.url("小李"), agent=people.name("小李"))
    app = AgentAssistApp(Services(given, clock=Clock(), tz=SHANGHAI))
    async with app.run_test(size=WIDE, notifications=True) as pilot:
        at = Standing(app, pilot, Clock())
        await at.until_said(NO_MORE)
        await at.until_said("This one comes back by itself.")
        await at.type("denglu")
        await until(lambda: any("denglu" in file.read_text("utf-8") for file in (tmp_path / FOLDER).glob("*.json")))
        limit(MAX_CONNECTIONS)
        await at.until("登录失败")  # the facts
        await until(lambda: not at.screen.state.store_error)
        at.screen.sync.save_now()
        await until(lambda: not list((tmp_path / FOLDER).glob("*.json")))
    assert [chat.query for chat in people.store("小李").open_chats(people.name("小李"))] == ["denglu"]


def test_the_sentence_is_chinese_for_who_reads_chinese(people: Team, limit: Callable[[int], None]) -> None:
    limit(0)
    locale.use("zh")
    with pytest.raises(Unreachable, match="数据库暂时不接受更多连接"):
        open_store(people.url("小李"))
