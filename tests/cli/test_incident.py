"""`incident`: facts go in as people type them and come out as versions."""

import datetime as dt
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_assist.incidents import Eta, Publication
from agent_assist.store import MemoryStore
from tests.cli.conftest import Run
from tests.conftest import NOW

OPEN = (
    "incident",
    "open",
    "--title",
    "登录故障",
    "--severity",
    "1",
    "--scope",
    "约 15% 的用户无法登录",
    "--started",
    "-20m",
)


def test_open_records_version_1_and_says_its_name(run: Run) -> None:
    ran = run(*OPEN)
    assert (ran.code, ran.out) == (0, "Saved: INC-1 version 1, 登录故障.\n")


def test_show_has_the_names_of_the_contract(run: Run) -> None:
    run(*OPEN, "--eta", "14:30-15:00", "--services", "登录,App", "--cause-internal", "secret", "--owner", "老周")
    shown = run("incident", "show", "--json").json
    assert {
        "id",
        "version",
        "title",
        "severity",
        "status",
        "services",
        "scope",
        "cause",
        "workaround",
        "eta",
        "next_update_due",
        "started_at",
        "updated_at",
        "author",
    } <= set(shown)
    assert (shown["id"], shown["severity"], shown["status"]) == ("INC-1", "SEV1", "investigating")
    assert shown["services"] == ["登录", "App"]
    assert shown["author"] == "小李"
    assert shown["eta"]["state"] == "range"
    assert moment(shown["eta"]["from"]) == dt.datetime(2026, 11, 20, 6, 30, tzinfo=dt.UTC)
    assert moment(shown["started_at"]) == NOW - dt.timedelta(minutes=20)


def moment(text: object) -> dt.datetime:
    """A time with offset; one without would not compare."""
    return dt.datetime.fromisoformat(str(text))


def test_the_internal_cause_is_shown_only_when_asked_for(run: Run) -> None:
    run(*OPEN, "--cause-internal", "collation mismatch")
    for command in ("show", "timeline"):
        for form in ([], ["--json"]):
            assert "collation" not in run("incident", command, *form).out
    assert "collation" in run("incident", "show", "--internal").out
    assert "collation" in run("incident", "show", "--internal", "--json").out
    assert "collation" in run("incident", "timeline", "--internal").out


def test_update_changes_only_what_is_named(run: Run) -> None:
    run(*OPEN)
    changed = run("incident", "update", "--status", "已定位", "--set", "cause.en=a bad upgrade", "--json").json
    assert (changed["version"], changed["status"], changed["scope"]) == (2, "identified", "约 15% 的用户无法登录")
    assert changed["translations"] == {"en": {"cause": "a bad upgrade"}}


def test_update_without_a_change_is_wrong_usage(run: Run) -> None:
    run(*OPEN)
    assert run("incident", "update").code == 2


def test_an_unknown_fact_and_a_time_that_makes_no_sense_are_refused(run: Run) -> None:
    run(*OPEN)
    for wrong in (["--set", "scop.en=x"], ["--eta", "soonish"], ["--severity", "SEV9"], ["--rhythm", "0"]):
        ran = run("incident", "update", *wrong)
        assert (ran.code, ran.out) == (1, "")
        assert ran.err.startswith("agent-assist: ")
    assert run("incident", "show", "--json").json["version"] == 1


def test_an_update_from_old_facts_is_refused(run: Run) -> None:
    run(*OPEN)
    run("incident", "update", "--eta", "14:30")
    ran = run("incident", "update", "INC-1", "--eta", "15:00", "--expected", "1")
    assert ran.code == 1
    assert run("incident", "show", "--json").json["version"] == 2


def test_with_several_open_the_one_that_is_meant_must_be_named(run: Run) -> None:
    run(*OPEN)
    run("incident", "open", "--title", "支付故障")
    ran = run("incident", "resolve")
    assert ran.code == 1
    assert "INC-1 登录故障" in ran.err
    assert run("incident", "resolve", "INC-1").code == 0
    assert [incident["id"] for incident in run("incident", "list", "--json").json] == ["INC-2"]
    assert len(run("incident", "list", "--all", "--json").json) == 2


def test_nothing_open_is_said(run: Run) -> None:
    assert run("incident", "list").err == "No incident is open.\n"
    assert run("incident", "show").code == 1
    assert run("incident", "list", "--json").json == []


def test_the_timeline_tells_what_changed_and_what_customers_were_told(run: Run, store: MemoryStore) -> None:
    run(*OPEN)
    run("incident", "update", "--cause", "数据库升级后的兼容问题")
    told = run("incident", "timeline", "--json").json["clock"]
    assert [step["state"] for step in told] == ["overdue", "due", "due", "due"], "recording tells nobody"
    announced = Publication(incident="INC-1", version=2, at=NOW, agent="老周", tells=("notice", "cause"))
    store.record_publication(announced)
    timeline = run("incident", "timeline", "--json").json
    assert [version["changed"] for version in timeline["versions"]][1] == ["cause"]
    assert {step["name"]: step["state"] for step in timeline["clock"]} == {
        "notice": "late",
        "cause": "done",
        "plan": "due",
        "update": "due",
    }
    moment(timeline["clock"][0]["due_at"])
    lines = run("incident", "timeline").out.splitlines()
    assert lines[-1].split() == ["14:10", "v2", "小李", "Cause:", "数据库升级后的兼容问题"]


def test_the_card_warns_of_a_passed_eta(run: Run, store: MemoryStore) -> None:
    run(*OPEN)
    store.add_version(replace(store.incident("INC-1"), eta=Eta(at=NOW - dt.timedelta(minutes=5))), expected=1)
    assert "passed; do not quote it" in run("incident", "show").out


FACTS = """
title = "登录故障"
severity = "SEV1"
scope = "约 15% 的用户无法登录"
eta = "14:30"

[en]
scope = "about 15% of users cannot sign in"
"""


def test_facts_are_read_from_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "outage.toml"
    file.write_text(FACTS, "utf-8")
    assert run("incident", "import", str(file)).out == "Saved: INC-1 version 1, 登录故障.\n"
    file.write_text('status = "identified"', "utf-8")
    run("incident", "import", str(file), "--update", "INC-1")
    shown = run("incident", "show", "--json").json
    assert (shown["version"], shown["status"], shown["scope"]) == (2, "identified", "约 15% 的用户无法登录")


def test_a_file_of_facts_with_a_mistake_records_nothing_and_names_its_line(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "outage.toml"
    file.write_text(FACTS.replace("14:30", "soon"), "utf-8")
    ran = run("incident", "import", str(file))
    assert ran.code == 1
    assert "outage.toml:5:1: " in ran.err
    assert "Nothing was recorded." in ran.err
    assert run("incident", "list", "--json").json == []


def test_a_resolved_incident_is_reopened(run: Run) -> None:
    run(*OPEN, "--eta", "14:30")
    run("incident", "resolve")
    ran = run("incident", "reopen", "INC-1")
    assert ran.code == 0
    assert ran.out.splitlines()[0] == "Saved: INC-1 version 3, 登录故障."
    assert "Status resolved → investigating" in ran.out
    shown = run("incident", "show", "--json").json
    assert (shown["status"], shown["eta"], shown["version"]) == ("investigating", {"state": "unknown"}, 3)
    assert moment(shown["next_update_due"]) == NOW + dt.timedelta(minutes=30)


def test_reopen_takes_facts_and_prints_json(run: Run) -> None:
    run(*OPEN)
    run("incident", "resolve")
    facts = run("incident", "reopen", "INC-1", "--status", "monitoring", "--eta", "14:30", "--json").json
    assert (facts["status"], facts["eta"]["state"]) == ("monitoring", "known")


def test_what_is_open_is_not_reopened(run: Run) -> None:
    run(*OPEN)
    ran = run("incident", "reopen", "INC-1")
    assert (ran.code, ran.out) == (1, "")
    assert "INC-1 is not resolved" in ran.err
    assert run("incident", "reopen").code == 2
    assert run("incident", "reopen", "INC-7").code == 1


def test_an_update_says_what_it_changed_and_one_that_changes_nothing_says_so(run: Run) -> None:
    run(*OPEN, "--eta", "14:30")
    changed = run("incident", "update", "--eta", "15:01", "--severity", "P2")
    assert changed.out.splitlines()[1] == "Severity SEV1 → SEV2; ETA 14:30 → 15:01"
    again = run("incident", "update", "--eta", "15:01")
    assert (again.code, again.out) == (0, "Nothing changed: INC-1 stays at version 2, 登录故障.\n")
    assert run("incident", "update", "--eta", "15:01", "--json").json["version"] == 2
    assert run("incident", "resolve").code == 0
    assert run("incident", "resolve", "INC-1").out.startswith("Nothing changed: INC-1 stays at version 3")


def test_an_agent_is_refused_and_told_whom_to_ask(run: Run, store: MemoryStore) -> None:
    run(*OPEN)
    store._role = "agent"
    for command in (OPEN, ("incident", "update", "--eta", "15:00"), ("incident", "resolve")):
        ran = run(*command)
        assert (ran.code, ran.out) == (1, "")
        assert "Only a lead publishes facts." in ran.err


def test_the_list_has_what_the_board_has(run: Run) -> None:
    run(*OPEN)
    coupon = ("offer", "add", "--kind", "coupon", "--amount", "20", "--sentence", "s", "--customer", "王")
    run(*coupon, "--incident", "INC-1")
    (row,) = run("incident", "list", "--json").json
    assert row["overdue"] == ["notice"]
    assert (row["chats"], row["offers"], row["offers_waiting"]) == (0, 1, 0)
    assert row["offer_sums"] == [{"minor": 2000, "currency": "CNY", "display": "¥20"}]
    assert "first notice (5 minutes)" in run("incident", "list").out


CHOSEN = ("incident", "open", "--service", "login", "--effect", "down", "--share", "most", "--who", "merchants")


@pytest.mark.parametrize(
    ("lang", "saved", "rows"),
    [
        ("en", "Sign-in outage", ["most merchants cannot sign in", "cannot be used", "a change of ours"]),
        ("zh", "登录故障", ["大部分商家无法登录", "用不了", "我们的变更", "工程师正在回滚这次变更"]),
    ],
)
def test_chosen_facts_are_shown_in_the_language_of_the_interface(
    run: Run, monkeypatch: pytest.MonkeyPatch, lang: str, saved: str, rows: list[str]
) -> None:
    monkeypatch.setenv("AGENT_ASSIST_LANG", lang)
    assert saved in run(*CHOSEN, "--cause-kind", "change", "--action", "roll-back").out
    shown = run("incident", "show").out
    for row in (saved, *rows):
        assert row in shown, shown
    assert saved in run("incident", "list").out
    assert rows[1] in run("incident", "timeline", "INC-1").out
