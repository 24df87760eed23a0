"""`offer` from the promise to the decision: the policy at that moment, leads, limits, sums, erasure."""

from pathlib import Path

import pytest

from agent_assist.store import MemoryStore
from tests.cli.conftest import Run

COUPON = ("offer", "add", "--kind", "coupon", "--sentence", "送您一张优惠券", "--incident", "INC-1")
BIG = (*COUPON, "--amount", "2000", "--customer", "王女士", "--op-id", "big")


@pytest.fixture
def as_agent(run: Run, store: MemoryStore, monkeypatch: pytest.MonkeyPatch) -> Run:
    """小李 is an agent; an outage of the highest severity began an hour ago."""
    run("incident", "open", "--title", "登录故障", "--severity", "SEV1", "--set", "started=-61m")
    store._role = "agent"
    return run


def lead(run: Run, store: MemoryStore, monkeypatch: pytest.MonkeyPatch, name: str = "老周") -> Run:
    store._role = "lead"
    monkeypatch.setenv("AGENT_ASSIST_AGENT", name)
    return run


def test_within_the_policy_it_is_saved_and_what_is_left_is_said(as_agent: Run) -> None:
    ran = as_agent(*COUPON, "--amount", "50", "--customer", "王女士", "--json")
    assert (ran.code, ran.json["offer"]["state"], ran.json["reasons"], ran.json["meanwhile"]) == (
        0,
        "offered",
        [],
        None,
    )
    assert {name: left["display"] for name, left in ran.json["left"].items()} == {
        "per_customer_and_incident": "¥150",
        "per_agent_and_day": "¥1,950",
        "per_incident": "¥49,950",
    }


def test_above_it_the_offer_waits_with_exit_code_4_and_a_sentence_for_the_customer(as_agent: Run) -> None:
    ran = as_agent(*BIG)
    assert ran.code == 4
    assert ran.out.startswith("Saved: OFF-1  ¥2,000")
    assert "OFF-1 waits for approval" in ran.err
    assert "allows at most ¥50" in ran.err
    assert "Say meanwhile: 您的补偿" in ran.err
    again = as_agent(*BIG, "--json")
    assert (again.code, again.json["already"], again.json["meanwhile"][:4]) == (4, True, "您的补偿")


def test_somebody_else_s_offer_to_the_customer_is_warned_of(as_agent: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENT_ASSIST_AGENT", "小陈")
    as_agent(*COUPON, "--amount", "20", "--customer", "王女士")
    monkeypatch.setenv("AGENT_ASSIST_AGENT", "小李")
    ran = as_agent(*COUPON, "--amount", "10", "--customer", "王女士")
    assert ran.code == 4
    assert "! 王女士 already has for this incident: OFF-1 ¥20 by 小陈, 2026-11-20 14:10" in ran.err


def test_a_dry_run_shows_what_may_be_offered_and_writes_nothing(as_agent: Run) -> None:
    ran = as_agent(*BIG, "--dry-run", "--json")
    assert (ran.code, ran.json["outcome"], ran.json["rule"]) == (4, "pending", "Major outage over an hour")
    assert ran.json["allowed"]["coupon"] == "¥50"
    assert "Coupon" in as_agent(*BIG, "--dry-run").out
    assert as_agent("offer", "list", "--json").json == []


def test_a_lead_approves_several_and_one_that_is_refused_is_named(
    as_agent: Run, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_agent(*BIG)
    as_agent(*BIG, "--op-id", "big 2", "--customer", "李先生")
    as_agent(*COUPON, "--amount", "20", "--customer", "陈先生")
    run = lead(as_agent, store, monkeypatch)
    ran = run("offer", "approve", "1", "OFF-2", "3", "--note", "同意", "--json")
    assert ran.code == 1
    assert [(offer["id"], offer["state"], offer["approved_by"], offer["note"]) for offer in ran.json] == [
        ("OFF-1", "approved", "老周", "同意"),
        ("OFF-2", "approved", "老周", "同意"),
    ]
    assert "OFF-3 is offered" in ran.err


def test_nobody_approves_their_own_and_agents_nobody_s(
    as_agent: Run, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_agent(*BIG)
    assert "Only a lead" in as_agent("offer", "approve", "1").err
    run = lead(as_agent, store, monkeypatch, "小李")
    ran = run("offer", "approve", "1")
    assert (ran.code, "your own" in ran.err) == (1, True)


def test_decline_void_deliver_and_show_tell_the_history(
    as_agent: Run, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_agent(*BIG)
    as_agent(*COUPON, "--amount", "20", "--customer", "陈先生")
    assert as_agent("offer", "deliver", "2").out == "OFF-2  delivered  ¥20  陈先生\n"
    run = lead(as_agent, store, monkeypatch)
    assert run("offer", "decline", "1", "--note", "太多").code == 0
    assert run("offer", "void", "2", "--note", "记重了").code == 0
    shown = run("offer", "show", "1").out
    assert all(word in shown for word in ("declined", "太多", "Major outage over an hour", "¥2,000"))
    entries = run("offer", "show", "2", "--json").json["entries"]
    assert [(entry["event"], entry["agent"], entry["role"]) for entry in entries] == [
        ("offered", "小李", "agent"),
        ("delivered", "小李", "agent"),
        ("voided", "老周", "lead"),
    ]


def test_an_adjustment_keeps_what_is_not_given_and_is_judged_anew(as_agent: Run) -> None:
    as_agent(*COUPON, "--amount", "20", "--customer", "王女士")
    less = as_agent("offer", "adjust", "1", "--amount", "10", "--json")
    assert (less.code, less.json["amount"]["display"], less.json["sentence"]) == (0, "¥10", "送您一张优惠券")
    more = as_agent("offer", "adjust", "1", "--amount", "USD 500")
    assert (more.code, "waits for approval" in more.err) == (4, True)
    assert as_agent("offer", "adjust", "1").code == 2


def test_an_op_id_is_for_one_offer(as_agent: Run) -> None:
    assert as_agent("offer", "void", "1", "2", "--op-id", "x").code == 2


def test_sums_leave_out_what_came_to_nothing(as_agent: Run) -> None:
    for amount, customer in (("20", "王女士"), ("35", "李先生"), ("50", "陈先生")):
        as_agent(*COUPON, "--amount", amount, "--customer", customer)
    as_agent("offer", "void", "3")
    lines = as_agent("offer", "summary", "--by", "agent").out.splitlines()
    assert lines[1].split() == ["小李", "2", "¥55", "¥27.50"]
    by_day = as_agent("offer", "summary", "--by", "day", "--json").json
    assert by_day == [
        {
            "key": "2026-11-20",
            "currency": "CNY",
            "count": 2,
            "amount": {"minor": 5500, "currency": "CNY", "display": "¥55"},
            "average": {"minor": 2750, "currency": "CNY", "display": "¥27.50"},
        }
    ]
    assert len(as_agent("offer", "summary", "--by", "state", "--json").json) == 2


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        (("--since", "2026-11-20"), [1, 2]),
        (("--until", "2026-11-19"), []),
        (("--since", "-5m"), [1, 2]),
        (("--kind", "refund"), [2]),
        (("--least", "30"), [2]),
        (("--most", "20"), [1]),
        (("--text", "退"), [2]),
        (("--state", "given"), [1, 2]),
        (("--order", "A1"), [1]),
        (("--tier", "VIP"), [2]),
        (("--currency", "usd"), []),
    ],
)
def test_the_list_keeps_what_fits(run: Run, condition: tuple[str, str], found: list[int]) -> None:
    run("offer", "add", "--kind", "coupon", "--amount", "20", "--customer", "a", "--order", "A1", "--sentence", "券")
    run("offer", "add", "--kind", "refund", "--amount", "30", "--customer", "b", "--tier", "VIP", "--sentence", "退")
    assert [offer["seq"] for offer in run("offer", "list", *condition, "--json").json] == found


@pytest.mark.parametrize("wrong", [("--since", "2026-02-30"), ("--least", "¥5", "--currency", "USD"), ("--state", "x")])
def test_conditions_that_cannot_be_read_are_wrong_usage(run: Run, wrong: tuple[str, ...]) -> None:
    assert run("offer", "list", *wrong).code == 2


def test_erasing_needs_a_yes_a_lead_and_a_reason(
    as_agent: Run, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_agent(*COUPON, "--amount", "20", "--customer", "王女士")
    erase = ("offer", "erase", "--customer", "王女士", "--reason", "来信要求")
    assert (as_agent(*erase).code, store.offers()[0].customer) == (1, "王女士")
    assert "Only a lead" in as_agent(*erase, "--yes").err
    run = lead(as_agent, store, monkeypatch)
    assert run(*erase, "--yes", "--json").json["offers"] == 1
    assert (store.offers()[0].customer, run("offer", "verify").code) == ("", 0)


def test_a_broken_policy_lets_every_offer_wait_and_names_its_line(as_agent: Run, tmp_path: Path) -> None:
    assert as_agent("policy", "init").code == 0
    path = tmp_path / "home" / "policy.toml"
    path.write_text(path.read_text("utf-8").replace('coupon = "50"', 'coupon = "lots"'), "utf-8")
    ran = as_agent(*COUPON, "--amount", "1", "--customer", "王女士")
    assert (ran.code, "policy.toml:" in ran.err, "lots" in ran.err) == (4, True, True)
    checked = as_agent("policy", "check", "--json")
    assert (checked.code, checked.json["ok"], checked.json["faults"][0]["line"]) == (1, False, 52)


def test_the_policy_is_explained_and_published(
    as_agent: Run, store: MemoryStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "Major outage over an hour" in as_agent("policy", "check").out
    assert as_agent("policy", "check", str(tmp_path / "none.toml")).code == 1
    file = tmp_path / "ours.toml"
    file.write_text('currency = "CNY"\n[[rule]]\nname = "Missing"\nallow = {}\n', "utf-8")
    assert "Only a lead" in as_agent("policy", "publish", str(file)).err
    run = lead(as_agent, store, monkeypatch)
    assert run("policy", "publish", str(file), "--json").json["version"] == 1
    shown = run("policy", "check")
    assert "Missing" in shown.out
    assert "no limits" in shown.err
    assert run("policy", "show").out == file.read_text("utf-8")
    assert run(*COUPON, "--amount", "1", "--customer", "王女士").code == 4
