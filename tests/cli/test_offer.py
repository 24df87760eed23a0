"""`offer`: exact money, one entry for one `op_id`, and a log that adds up."""

import datetime as dt
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent_assist.chats import Chat, Customer
from agent_assist.cli import main
from agent_assist.store import MemoryStore
from tests.cli.conftest import Ran, Run
from tests.conftest import NOW

ADD = (
    "offer",
    "add",
    "--kind",
    "coupon",
    "--amount",
    "20",
    "--customer",
    "王女士",
    "--sentence",
    "送您一张 20 元优惠券",
)


def test_a_saved_offer_is_named_with_what_it_gives(run: Run) -> None:
    assert run(*ADD).out.startswith("Saved: OFF-1  ¥20  王女士\n  Left: ")


def test_json_has_the_op_id_and_the_offer_of_the_contract(run: Run) -> None:
    answer = run(*ADD, "--op-id", "op-1", "--json").json
    assert (answer["op_id"], answer["already"]) == ("op-1", False)
    offer = answer["offer"]
    assert {
        "id",
        "seq",
        "at",
        "agent",
        "incident",
        "chat",
        "customer",
        "kind",
        "amount",
        "reason",
        "sentence",
        "state",
        "approved_by",
        "hash",
    } <= set(offer)
    assert offer["amount"] == {"minor": 2000, "currency": "CNY", "display": "¥20"}
    assert (offer["state"], offer["agent"], offer["approved_by"]) == ("offered", "小李", None)
    assert dt.datetime.fromisoformat(offer["at"]) == NOW


def test_an_op_id_is_made_when_none_is_given(run: Run) -> None:
    first, second = (run(*ADD, "--json").json["op_id"] for _ in range(2))
    assert first != second


def test_the_same_op_id_is_on_the_log_once(run: Run) -> None:
    run(*ADD, "--op-id", "op-1")
    assert run(*ADD, "--op-id", "op-1").out.startswith("Already on the log: OFF-1")
    assert run(*ADD, "--op-id", "op-1", "--json").json["already"] is True
    assert len(run("offer", "list", "--json").json) == 1


def test_the_same_op_id_for_another_promise_is_refused(run: Run) -> None:
    run(*ADD, "--op-id", "op-1")
    ran = run(*ADD, "--amount", "30", "--op-id", "op-1")
    assert (ran.code, ran.out) == (1, "")
    assert len(run("offer", "list", "--json").json) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        ("--amount", "NaN"),
        ("--amount", "1.000,00"),
        ("--amount", "-5"),
        ("--currency", "XXX"),
        ("--sentence", " "),
        ("--customer", ""),
        ("--incident", "INC-9"),
        ("--chat", "gone"),
    ],
)
def test_what_is_not_exact_or_not_there_is_refused_and_nothing_is_written(run: Run, wrong: tuple[str, str]) -> None:
    ran = run(*ADD, *wrong)
    assert (ran.code, ran.out) == (1, "")
    assert run("offer", "list", "--json").json == []


def test_customer_order_and_incident_come_from_the_chat(run: Run, store: MemoryStore) -> None:
    run("incident", "open", "--title", "登录故障")
    customer = Customer(name="陈先生", order="B10442")
    store.save_chat("小李", Chat(id="c1", customer=customer, opened_at=NOW, incident_id="INC-1"))
    line = (
        "offer",
        "add",
        "--kind",
        "extension",
        "--duration",
        "7天",
        "--sentence",
        "延长 7 天",
        "--chat",
        "c1",
        "--json",
    )
    offer = run(*line).json["offer"]
    assert (offer["customer"], offer["order"], offer["incident"], offer["chat"]) == ("陈先生", "B10442", "INC-1", "c1")
    assert offer["amount"] is None
    assert offer["duration"] == {"count": 7, "unit": "day", "display": "7 days"}


def test_the_list_is_filtered_and_lines_up(run: Run) -> None:
    run(*ADD)
    run(*ADD, "--customer", "Li Wei", "--amount", "USD 5")
    assert [offer["customer"] for offer in run("offer", "list", "--customer", "Li Wei", "--json").json] == ["Li Wei"]
    assert [offer["seq"] for offer in run("offer", "list", "--limit", "1", "--json").json] == [2]
    assert run("offer", "list", "--state", "voided").err == "No offer is on the log.\n"
    lines = run("offer", "list").out.splitlines()
    assert lines[1].split() == ["OFF-1", "2026-11-20", "14:10", "offered", "coupon", "¥20", "王女士", "小李"]


def test_a_chinese_list_and_its_sums_are_chinese(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run(*ADD)
    monkeypatch.setenv("AGENT_ASSIST_LANG", "zh")
    assert "已承诺  优惠券" in run("offer", "list").out
    assert "已承诺" in run("offer", "show", "1").out
    assert "offered" not in run("offer", "show", "1").out
    assert run("offer", "summary").out.split()[:5] == ["种类", "笔数", "合计", "平均", "优惠券"]
    assert run("offer", "list", "--json").json[0]["kind"] == "coupon"


def test_show_has_every_entry_of_the_offer(run: Run) -> None:
    run(*ADD, "--reason", "登录故障")
    shown = run("offer", "show", "1", "--json").json
    assert [entry["event"] for entry in shown["entries"]] == ["offered"]
    assert "送您一张 20 元优惠券" in run("offer", "show", "OFF-1").out
    assert run("offer", "show", "OFF-9").code == 1


def test_verify_says_the_log_is_whole(run: Run) -> None:
    run(*ADD)
    answer = run("offer", "verify", "--json").json
    assert (answer["ok"], answer["entries"], answer["head"]["seq"]) == (True, 1, 1)
    assert run("offer", "verify").code == 0


def test_verify_exits_5_when_the_log_does_not_add_up(
    run: Run, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(*ADD)
    sound = store.verify()
    broken = replace(sound, bad_seq=1, reason="Entry #1 was changed after it was written.")
    monkeypatch.setattr(store, "verify", lambda _head, **_how: broken)
    ran = run("offer", "verify", "--json")
    assert (ran.code, ran.json["ok"], ran.json["bad_seq"]) == (5, False, 1)
    assert "Entry #1 was changed" in ran.err


def test_an_amount_without_a_currency_is_in_that_of_the_settings(run: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(exist_ok=True)
    (tmp_path / "home" / "settings.toml").write_text('currency = "JPY"\n', "utf-8")
    typed = ("--kind", "coupon", "--customer", "王女士", "--sentence", "送您一张券", "--json")
    added = run("offer", "add", *typed, "--amount", "500").json["offer"]
    assert added["amount"]["currency"] == "JPY"
    assert added["amount"]["minor"] == 500
    named = run("offer", "add", *typed, "--amount", "5", "--currency", "CNY", "--op-id", "other").json["offer"]
    assert (named["amount"]["minor"], named["amount"]["currency"]) == (500, "CNY")


def test_verify_goes_on_where_the_last_check_ended_and_says_which_of_the_two_it_was(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*arguments: str) -> Ran:
        capsys.readouterr()
        code = main(("--home", str(tmp_path), *arguments))
        return Ran(code, *capsys.readouterr())

    def add() -> None:
        run("offer", "add", "--kind", "coupon", "--amount", "20", "--customer", "王女士", "--sentence", "送券")

    add()
    assert "whole: 1 entries" in run("offer", "verify").out
    assert (tmp_path / "desk.checked").exists()
    add()
    ran = run("offer", "verify", "--continue")
    assert "from #2 to #2" in ran.out
    assert "agent-assist offer verify" in ran.err
    assert "Nothing came after #2" in run("offer", "verify", "--continue").out
    assert run("offer", "verify", "--continue", "--json").json["first"] == 3
    assert run("offer", "verify", "--json").json["first"] == 1
    assert run("offer", "verify", "--continue", "--against", "x").code == 2

    def stop(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("agent_assist.cli.offer_export.Progress.__call__", stop)
    ran = run("offer", "verify")
    assert (ran.code, "--continue" in ran.err) == (130, True)
