"""What a person typed about an outage becomes facts, or a refusal that names the field."""

import datetime as dt

import pytest

from agent_assist.errors import Refused
from agent_assist.incidents import FACT_NAMES, Incident
from agent_assist.incidents.apply import apply_facts, new_incident, parse_facts


def _opened(typed: dict[str, str], now: dt.datetime, tz: dt.tzinfo) -> Incident:
    return new_incident(parse_facts(typed, now, tz), now=now, author="老周")


def _changed(before: Incident, typed: dict[str, str], now: dt.datetime, tz: dt.tzinfo) -> Incident:
    return apply_facts(before, parse_facts(typed, now, tz), now=now, author="小李")


def test_a_title_is_enough_to_open_and_the_first_update_is_due_by_the_rhythm(now: dt.datetime, tz: dt.tzinfo) -> None:
    incident = _opened({"title": "登录故障"}, now, tz)
    assert (incident.title, incident.status, incident.author) == ("登录故障", "investigating", "老周")
    assert incident.started_at == now
    assert incident.next_update_due == now + dt.timedelta(minutes=30)


def test_facts_in_the_other_language_stand_beside_the_first(now: dt.datetime, tz: dt.tzinfo) -> None:
    incident = _opened(
        {"title": "登录故障", "scope": "约 15% 的用户无法登录", "scope.en": "about 15% of users cannot sign in"},
        now,
        tz,
    )
    assert incident.said("scope", "zh") == "约 15% 的用户无法登录"
    assert incident.said("scope", "en") == "about 15% of users cannot sign in"
    assert incident.said("title", "en") == ""


def test_an_update_keeps_what_was_not_typed(now: dt.datetime, tz: dt.tzinfo) -> None:
    before = _opened({"title": "登录故障", "scope": "全部用户受影响", "services": "网页、App，小程序"}, now, tz)
    after = _changed(before, {"status": "已定位", "eta": "+45m"}, now, tz)
    assert after.scope == "全部用户受影响"
    assert after.services == ("网页", "App", "小程序")
    assert after.status == "identified"
    assert after.eta.state(now) == "known"
    assert after.eta.state(now + dt.timedelta(hours=1)) == "passed"


def test_after_it_is_resolved_no_update_is_due(now: dt.datetime, tz: dt.tzinfo) -> None:
    before = _opened({"title": "登录故障"}, now, tz)
    after = _changed(before, {"status": "resolved"}, now, tz)
    assert after.next_update_due is None


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": "x", "colour": "red"}, "colour"),
        ({"title": "x", "severity": "SEV9"}, "SEV9"),
        ({"title": "x", "eta": "soonish"}, "soonish"),
        ({"title": "x", "rhythm": "0"}, "rhythm"),
        ({"title": "x", "rhythm": "1441"}, "rhythm"),
        pytest.param({"title": "x", "rhythm": "9" * 5000}, "rhythm", id="more digits than Python converts"),
        ({"title": "x", "owner.en": "Zhou"}, "owner.en"),
    ],
)
def test_what_cannot_be_a_fact_is_refused_by_name(
    typed: dict[str, str], named: str, now: dt.datetime, tz: dt.tzinfo
) -> None:
    with pytest.raises(Refused, match=named):
        _opened(typed, now, tz)


def test_a_misspelt_name_is_answered_with_the_nearest_one(now: dt.datetime, tz: dt.tzinfo) -> None:
    with pytest.raises(Refused, match="Did you mean “severity”"):
        parse_facts({"severty": "1"}, now, tz)


def test_a_rhythm_may_be_typed_in_full_width_digits(now: dt.datetime, tz: dt.tzinfo) -> None:
    assert _opened({"title": "x", "rhythm": " ３０ "}, now, tz).rhythm_minutes == 30


@pytest.mark.parametrize("name", FACT_NAMES)
def test_every_fact_has_a_field_of_the_incident_that_it_changes(name: str, now: dt.datetime, tz: dt.tzinfo) -> None:
    other = {"severity": "SEV1", "status": "identified", "eta": "+1h", "next_update": "+1h", "started": "-1h"}
    other |= {"effect": "slow", "cause_kind": "change", "ended": "-5m"}
    before = _opened({"title": "a"}, now, tz)
    after = _changed(before, {name: other.get(name, "15")}, now, tz)
    assert before != after
