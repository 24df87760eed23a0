"""`doctor` about the database: what it is, what is wrong with it, and the way out."""

# ruff: noqa: F811 - fixtures of the store tests are used here under their names
import io
import os
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from agent_assist import locale
from agent_assist.cli import main
from agent_assist.services.doctor.machine_findings import terminal_finding
from agent_assist.store import database_info, open_store, server_info
from agent_assist.tui.widgets.layout import layout_for
from tests.cli.conftest import Ran, Run
from tests.offers.samples import an_offer
from tests.store.conftest import home, people, postgres, postgres_server, teams  # noqa: F401
from tests.store.teams import Team
from tests.store.test_bad_rows import BAD, put
from tests.store.test_contract import an_incident
from tests.store.test_only_grows import by_hand, without_triggers

Usage = namedtuple("Usage", "total used free")


def findings(run: Run) -> dict[str, Any]:
    return {each["name"]: each for each in run("doctor", "--json").json}


@pytest.fixture
def desk(tmp_path: Path) -> str:
    """The user's own desk with one offer on record."""
    url = f"sqlite:///{tmp_path / 'home' / 'desk.db'}"
    store = open_store(url, home=tmp_path / "home")
    store.add_offer(an_offer())
    store.close()
    return url


def test_a_file_is_shown_with_its_disk_and_its_log(run: Run, desk: str) -> None:
    found = findings(run)
    assert (found["database"]["engine"], found["database"]["role"]) == ("SQLite", "lead")
    assert found["disk"]["free"] > 0
    assert (found["log"]["entries"], found["log"]["seen"], found["log"]["state"]) == (1, 1, "ok")
    assert run("doctor").code == 0


def test_a_full_disk_and_a_disk_of_the_network_are_named(run: Run, desk: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database_info, "file_system", lambda _path: "nfs4")
    disk = findings(run)["disk"]
    assert (disk["state"], disk["is_network"]) == ("note", True)
    assert "local disk" in disk["hint"]
    monkeypatch.setattr("shutil.disk_usage", lambda _path: Usage(1, 1, 1_000_000))
    assert findings(run)["disk"]["state"] == "bad"
    assert run("doctor").code == 1


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/home/me/desk.db", "ext4"), ("/mnt/team share/desk.db", "cifs"), ("/mnt/teamwork/desk.db", "ext4")],
)
def test_the_file_system_is_that_of_the_nearest_mount(tmp_path: Path, path: str, kind: str) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        "23 22 0:40 / /mnt/team\\040share rw - cifs //server/share rw\n"
    )
    assert database_info.file_system(Path(path), mounts) == kind
    assert database_info.is_network(kind) == (kind == "cifs")


def test_a_log_that_was_cut_is_named(run: Run, desk: str) -> None:
    with by_hand(desk) as connection:
        without_triggers(connection)
        connection.exec_driver_sql("DELETE FROM offer_texts")
        connection.exec_driver_sql("DELETE FROM offer_entries")
    log = findings(run)["log"]
    assert log["state"] == "bad"
    assert "offer verify" in log["hint"]


def test_in_a_team_everybody_sees_as_whom_and_as_what_they_work(
    run: Run, people: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AGENT_ASSIST_AGENT")
    for short, role in (("小李", "agent"), ("老周", "lead")):
        monkeypatch.setenv("AGENT_ASSIST_DATABASE", people.url(short))
        database = findings(run)["database"]
        assert (database["account"], database["role"], database["is_team"]) == (people.name(short), role, True)
        assert "fsync" in database["hint"]  # the server of the tests is set up to be fast
    monkeypatch.setenv("AGENT_ASSIST_AGENT", "小王")
    assert "小王" in findings(run)["database"]["hint"]
    monkeypatch.delenv("AGENT_ASSIST_AGENT")
    monkeypatch.setattr(server_info, "_DURABLE", ())
    monkeypatch.setenv("AGENT_ASSIST_DATABASE", people.owner)
    owner = findings(run)["database"]
    assert (owner["state"], owner["is_owner"]) == ("note", True)
    assert "team add" in owner["hint"]


def test_the_connections_of_the_server_are_counted(run: Run, people: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_ASSIST_DATABASE", people.url("小李"))
    people.server.run(f'ALTER ROLE "{people.name("小李")}" CONNECTION LIMIT 10')
    connections = findings(run)["connections"]
    most, reserved = (
        int(people.server.admin.execute(f"SHOW {name}").fetchall()[0][0])
        for name in ("max_connections", "superuser_reserved_connections")
    )
    assert connections["allowed"] == most - reserved
    assert (connections["account_used"], connections["account_limit"]) == (1, 10)
    assert 2 <= connections["used"] <= connections["allowed"]  # the tests' own is one
    assert (connections["database_limit"], connections["is_pooled"]) == (None, False)
    assert "by this account 1 of 10" in run("doctor").out
    monkeypatch.setenv("AGENT_ASSIST_LANG", "zh")
    assert "其中本账号 1 个，最多 10 个" in run("doctor").out


@pytest.mark.parametrize("language", ["en", "zh"])
def test_from_80_percent_on_connections_are_worth_a_word(
    run: Run, people: Team, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("AGENT_ASSIST_LANG", language)
    account, database = people.name("小李"), people.database
    monkeypatch.setenv("AGENT_ASSIST_DATABASE", people.url("小李"))
    held = [open_store(people.url("小李")) for _ in range(3)]  # each keeps the connection that it opened with
    for limit, hint in ((6, ""), (5, "close its desks" if language == "en" else "关闭它没在用的工作台")):
        people.server.run(f'ALTER ROLE "{account}" CONNECTION LIMIT {limit}')
        found = findings(run)["connections"]
        assert (found["state"], hint in found["hint"].lower()) == ("note" if hint else "ok", True)
        assert run("doctor").code == 1  # since the server of the tests is set up to be fast
    people.server.run(f'ALTER ROLE "{account}" CONNECTION LIMIT 100')
    people.server.run(f"ALTER DATABASE {database} CONNECTION LIMIT 5")
    assert "PgBouncer" in findings(run)["connections"]["hint"]
    for store in held:
        store.close()


def test_says_when_the_chinese_texts_were_never_compiled(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(locale, "_HERE", tmp_path)
    monkeypatch.setenv("AGENT_ASSIST_LANG", "zh")
    assert "pip install ." in run("doctor").out


@pytest.mark.parametrize("content", ["[[[", 'language = "fr"', 'colour = "red"'])
def test_it_runs_with_broken_settings_and_says_what_is_wrong(run: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.toml").write_text(content)
    assert run("search", "x").code == 1
    ran = run("doctor", "--json")
    found = {each["name"]: each for each in ran.json}
    assert (ran.code, found["settings"]["state"]) == (1, "bad")
    assert "settings.toml" in found["settings"]["found"]
    assert found["phrasebooks"]["phrases"] > 100


def test_it_runs_for_the_home_of_nobody(run: Run) -> None:
    ran = run("--home", "~nosuchuser/x", "doctor", "--json")
    found = {each["name"]: each for each in ran.json}
    assert ran.code == 1
    assert "nosuchuser" in found["settings"]["found"]


def test_on_windows_nothing_is_said_about_permissions_that_mean_nothing(
    run: Run, desk: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").chmod(0o755)
    assert (findings(run)["home"]["state"], findings(run)["home"]["mode"]) == ("note", "0755")
    monkeypatch.setattr("agent_assist.files.ON_WINDOWS", True)
    home = findings(run)["home"]
    assert home["state"] == "ok"
    assert "mode" not in home


@pytest.mark.process
def test_it_says_whether_the_clipboard_can_be_read(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert findings(run)["clipboard"]["reads"] is False
    (tmp_path / "wl-paste").write_text("#!/bin/sh\necho secret of a customer\n")
    (tmp_path / "wl-paste").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("WAYLAND_DISPLAY", "w")
    assert findings(run)["clipboard"]["reads"] is True
    assert "secret" not in run("doctor").out + run("doctor", "--json").out


@pytest.fixture
def poisoned(desk: str, tmp_path: Path) -> str:
    """The same desk after somebody wrote into it by hand."""
    store = open_store(desk, home=tmp_path / "home")
    store.open_incident(an_incident())
    store.add_offer(an_offer("op-2"))
    store.close()
    for what in ("a use in a time that never comes", "a chat that is no JSON", "facts of nothing"):
        put(desk, *BAD[what])
    with by_hand(desk) as connection:
        without_triggers(connection)
        connection.exec_driver_sql("UPDATE offer_entries SET kind = 'bogus' WHERE seq = 2")
    return desk


def on_file(capsys: pytest.CaptureFixture[str], *arguments: str) -> Ran:
    """A call on the database of the settings."""
    capsys.readouterr()
    code = main(arguments)
    return Ran(code, *capsys.readouterr())


def test_rows_that_cannot_be_used_are_named_with_their_reason(run: Run, poisoned: str) -> None:
    found = findings(run)["rows"]
    assert found["state"] == "note"
    assert {(row["table"], row["row"]) for row in found["left_out"]} == {
        ("uses", "#1"),
        ("chats", "bad, 小李"),
        ("incident_versions", "INC-1 v2"),
        ("offer_entries", "#2"),
    }
    assert "uses #1" in run("doctor").out


def test_without_such_rows_there_is_nothing_to_say(run: Run, desk: str) -> None:
    assert findings(run)["rows"]["state"] == "ok"


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("incident list", "INC-1"),
        ("incident show INC-1", "INC-1"),
        ("incident timeline INC-1", "v1"),
        ("offer list", "OFF-1"),
        ("offer show OFF-1", "OFF-1"),
        ("offer summary", "coupon"),
        ("search denglu", ""),
        ("reply login-failure-apology --set customer.name=x", ""),
    ],
)
def test_commands_show_the_rest_and_say_what_they_leave_out(
    capsys: pytest.CaptureFixture[str], poisoned: str, command: str, shown: str
) -> None:
    ran = on_file(capsys, *command.split())
    assert "Traceback" not in ran.err
    assert shown in ran.out
    assert ran.code in (0, 1, 3)
    if command in ("incident list", "incident timeline INC-1", "offer list"):
        assert "Left out" in ran.err
    assert "OFF-2" not in ran.out


def test_data_for_programs_stays_data(capsys: pytest.CaptureFixture[str], poisoned: str) -> None:
    ran = on_file(capsys, "offer", "list", "--json")
    assert [offer["id"] for offer in ran.json] == ["OFF-1"]
    assert "offer_entries #2" in ran.err


@pytest.mark.parametrize(
    ("columns", "rows", "state"), [(40, 10, "ok"), (50, 12, "ok"), (39, 10, "note"), (40, 9, "note"), (200, 9, "note")]
)
def test_the_smallest_window_is_the_one_that_the_desk_needs(
    monkeypatch: pytest.MonkeyPatch, columns: int, rows: int, state: str
) -> None:
    at_a_terminal(monkeypatch, columns, rows)
    found = terminal_finding()
    assert found.state == state
    assert (layout_for(columns, rows) == "tiny") == (state == "note")
    if state == "note":
        assert "40x10" in found.hint


def test_an_encoding_that_cannot_show_chinese_hides_no_greater_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    at_a_terminal(monkeypatch, 80, 24, encoding="latin-1", term="dumb")
    found = terminal_finding()
    assert found.state == "bad"
    assert "TERM=" in found.hint
    assert "UTF-8" in found.hint


def at_a_terminal(
    monkeypatch: pytest.MonkeyPatch, columns: int, rows: int, *, encoding: str = "utf-8", term: str = "xterm"
) -> None:
    """As if both ends were a terminal of this size."""

    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    for name in ("stdin", "stdout"):
        monkeypatch.setattr(f"sys.{name}", Terminal(io.BytesIO(), encoding=encoding))
    monkeypatch.setattr("shutil.get_terminal_size", lambda: os.terminal_size((columns, rows)))
    monkeypatch.setenv("TERM", term)
