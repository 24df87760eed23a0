"""Promising under the policy: which one is in force, and what it looks at."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from agent_assist.errors import Refused
from agent_assist.incidents.apply import new_incident, parse_facts
from agent_assist.offers import Money, NewOffer
from agent_assist.offers.policy_file import DEFAULT_PATH, default_policy
from agent_assist.services import Services
from agent_assist.settings import read
from agent_assist.store import MemoryStore
from tests.conftest import NOW, SHANGHAI

STRICT = '[[rule]]\nname = "Missing"\nallow = {}\n'
OPEN = 'currency = "CNY"\n[[rule]]\nname = "Coupons"\nallow = { coupon = "900" }\n'


@pytest.fixture
def desk() -> Services:
    return Services(read(), store=MemoryStore("agent"), clock=lambda: NOW, tz=SHANGHAI)


@pytest.fixture
def file(desk: Services) -> Path:
    desk.settings.home.mkdir(parents=True)
    return desk.settings.home / "policy.toml"


def a_coupon(desk: Services, yuan: int = 20, **changes: Any) -> NewOffer:
    typed = {"kind": "coupon", "amount": str(yuan), "customer": "王女士", "sentence": "送您一张券"}
    return replace(desk.compensation.new_offer(typed, op_id="op"), **changes)


def an_outage(desk: Services, minutes: int, **typed: str) -> str:
    """An outage that a lead recorded."""
    changes = parse_facts({"title": "登录", "severity": "SEV1", "started": f"-{minutes}m", **typed}, NOW, SHANGHAI)
    return desk.store.open_incident(new_incident(changes, now=NOW, author="老周")).id


def test_without_a_file_the_shipped_policy_is_in_force(desk: Services) -> None:
    found = desk.compensation.policy()
    assert (found.policy, found.source, found.place) == (default_policy(), "shipped", str(DEFAULT_PATH))


def test_the_file_in_one_s_folder_comes_before_it_and_what_a_lead_published_before_both(
    desk: Services, file: Path
) -> None:
    file.write_text(OPEN, "utf-8")
    assert (desk.compensation.policy().source, desk.compensation.policy().policy.rules[0].name) == ("file", "Coupons")
    desk.store.publish_policy('currency = "CNY"\n' + STRICT, author="老周", at=NOW)
    found = desk.compensation.policy()
    assert (found.source, found.version, found.policy.rules[0].name) == ("published", 1, "Missing")
    assert "老周" in found.place


@pytest.mark.parametrize("broken", [b"currency = ", b"\xff\xfe", b'currency = "CNY"\n[[rule]]\nname = 5\nallow = {}\n'])
def test_a_broken_file_never_allows_more_than_a_sound_one_did(desk: Services, file: Path, broken: bytes) -> None:
    file.write_bytes(broken)
    fresh = desk.compensation.add(a_coupon(desk, 1))
    assert (fresh.offer.state, fresh.offer.rule) == ("pending", "no policy")
    assert str(file) in fresh.reasons[0]
    file.write_text('currency = "CNY"\n' + STRICT, "utf-8")
    assert desk.compensation.policy().problems == ()
    file.write_bytes(broken)
    found = desk.compensation.policy()
    assert found.problems
    assert found.policy.rules[0].name == "Missing"  # the last sound one, not the shipped one


def test_a_policy_that_is_no_file_or_too_large_is_a_fault_and_never_waited_for(desk: Services, file: Path) -> None:
    import os

    os.mkfifo(file)
    assert desk.compensation.policy().problems[0].reason == "This is not a regular file."
    file.unlink()
    file.write_bytes(b"#" * 1_000_001)
    assert "larger" in desk.compensation.policy().problems[0].reason


def test_the_length_of_the_outage_counts_to_its_end(desk: Services) -> None:
    long, short = an_outage(desk, 61), an_outage(desk, 59)
    minutes = [
        desk.compensation.terms(a_coupon(desk, incident_id=one)).conditions.outage_minutes for one in (long, short)
    ]
    assert minutes == [61, 59]
    over = replace(desk.store.incident(long), status="resolved", updated_at=NOW)
    desk.store.add_version(over, expected=1)
    later = NOW + dt.timedelta(hours=5)
    desk.clock = lambda: later
    desk.store.add_version(replace(over, cause="数据库升级", updated_at=later), expected=2)
    conditions = desk.compensation.terms(a_coupon(desk, incident_id=long, tier="VIP")).conditions
    assert (conditions.severity, conditions.outage_minutes, conditions.tier, conditions.role) == (
        "SEV1",
        61,
        "VIP",
        "agent",
    )


def test_the_day_begins_at_midnight_where_the_agent_is(desk: Services) -> None:
    assert desk.compensation.terms(a_coupon(desk)).day_begins == dt.datetime(2026, 11, 20, tzinfo=SHANGHAI)


def test_a_look_says_what_holds_and_reserves_nothing(desk: Services) -> None:
    incident = an_outage(desk, 90)
    desk.compensation.add(a_coupon(desk, 20, incident_id=incident))
    next_one = a_coupon(desk, 20, incident_id=incident, op_id="next")
    preview = desk.compensation.preview(next_one.scope, next_one.tier)
    assert preview.rule is not None
    assert preview.rule.name == "Major outage over an hour"
    assert preview.remaining["per_customer_and_incident"] == Money(18000, "CNY")
    assert [offer.id for offer in preview.earlier] == ["OFF-1"]
    assert preview.decide(next_one).outcome == "pending"
    assert len(desk.store.entries()) == 1


def test_an_offer_in_a_reply_is_judged_like_any_other(desk: Services) -> None:
    from agent_assist.chats import Customer

    incident = desk.incident(an_outage(desk, 90))
    chat = desk.new_chat(Customer(name="王女士"), incident_id="INC-1")
    reply = desk.reply(desk.phrase("login-failure-apology"), chat, incident)
    promise = a_coupon(desk, 900, incident_id="INC-1")
    recorded = desk.record_sent(chat, reply, desk.sent_now(reply, reply.text, "cli"), op_id="s", offer=promise)
    assert recorded is not None
    assert recorded.offer.state == "pending"


def test_a_file_with_mistakes_is_not_published_and_agents_publish_nothing(desk: Services, file: Path) -> None:
    file.write_text(OPEN, "utf-8")
    with pytest.raises(Refused, match="Only a lead"):
        desk.compensation.publish(file)
    lead = Services(desk.settings, store=MemoryStore("lead"), clock=lambda: NOW, tz=SHANGHAI)
    assert lead.compensation.publish(file).version == 1
    file.write_text(OPEN + "colour = 1\n", "utf-8")
    with pytest.raises(Refused, match=r"policy\.toml:5:1: “colour”"):
        lead.compensation.publish(file)


def in_a_team(desk: Services, role: Any = "agent") -> Services:
    return Services(desk.settings, store=MemoryStore(role, is_team=True), clock=lambda: NOW, tz=SHANGHAI)


@pytest.mark.parametrize("role", ["agent", "lead"])
def test_in_a_team_nobody_s_own_file_counts(desk: Services, file: Path, role: str) -> None:
    file.write_text('currency = "CNY"\n[[rule]]\nname = "All"\nallow = { coupon = "100000000" }\n', "utf-8")
    here = in_a_team(desk, role)
    found = here.compensation.policy()
    assert (found.policy, found.source, found.is_missing, found.ignored) == (
        default_policy(),
        "shipped",
        True,
        str(file),
    )
    assert here.compensation.preview(a_coupon(here).scope, "").is_missing
    assert here.compensation.add(a_coupon(here, 1_000_000)).offer.state == "pending"


def test_in_a_team_a_broken_file_of_one_s_own_stops_nothing(desk: Services, file: Path) -> None:
    file.write_text("currency = ", "utf-8")
    assert in_a_team(desk).compensation.policy().problems == ()


def test_in_a_team_what_a_lead_published_counts(desk: Services, file: Path) -> None:
    file.write_text('currency = "CNY"\n' + STRICT, "utf-8")
    here = in_a_team(desk, "lead")
    here.store.publish_policy(OPEN, author="老周", at=NOW)
    found = here.compensation.policy()
    assert (found.source, found.is_missing, found.policy.rules[0].name) == ("published", False, "Coupons")
