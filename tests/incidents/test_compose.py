"""Facts that are chosen come in words of both languages with every version; own words win until they are stale."""

import datetime as dt

import pytest

from agent_assist.errors import Refused
from agent_assist.incidents import Incident
from agent_assist.incidents.apply import apply_facts, new_incident, parse_facts
from agent_assist.incidents.fact_choices import ACTIONS, CAUSE_FAULTS, CAUSES, PREVENTIONS

CHOSEN = {"services": "login", "effect": "down", "share": "15%"}


def opened(typed: dict[str, str], now: dt.datetime, tz: dt.tzinfo) -> Incident:
    return new_incident(parse_facts(typed, now, tz), now=now, author="老周")


def changed(before: Incident, typed: dict[str, str], now: dt.datetime, tz: dt.tzinfo) -> Incident:
    return apply_facts(before, parse_facts(typed, now, tz), now=now, author="老周")


def test_service_effect_and_share_are_enough_for_an_incident_in_both_languages(now: dt.datetime, tz: dt.tzinfo) -> None:
    incident = opened(CHOSEN, now, tz)
    assert incident.title == "登录故障"
    assert incident.said("title", "en") == "Sign-in outage"
    assert incident.said("scope", "zh") == "约 15% 的用户无法登录"
    assert incident.said("scope", "en") == "about 15% of users cannot sign in"
    assert incident.said("services", "zh") == "登录"
    assert incident.said("services", "en") == "sign-in"


def test_without_a_service_an_incident_still_needs_a_title(now: dt.datetime, tz: dt.tzinfo) -> None:
    with pytest.raises(Refused, match="needs a title"):
        opened({"effect": "down"}, now, tz)


def test_a_wording_of_ones_own_replaces_the_composed_one_in_its_language_only(now: dt.datetime, tz: dt.tzinfo) -> None:
    incident = opened(CHOSEN | {"scope": "目前网页版的用户无法登录。"}, now, tz)
    assert incident.said("scope", "zh") == "网页版的用户无法登录"
    assert incident.said("scope", "en") == "about 15% of users cannot sign in"


def test_a_stale_wording_goes_when_what_it_words_is_chosen_anew(now: dt.datetime, tz: dt.tzinfo) -> None:
    before = opened(CHOSEN | {"scope": "网页版的用户无法登录", "scope.en": "web users cannot sign in"}, now, tz)
    after = changed(before, {"share": "30%"}, now, tz)
    assert after.said("scope", "zh") == "约 30% 的用户无法登录"
    assert after.said("scope", "en") == "about 30% of users cannot sign in"
    both = changed(before, {"share": "30%", "scope.en": "a third of users cannot sign in"}, now, tz)
    assert both.said("scope", "en") == "a third of users cannot sign in"
    same = changed(before, {"share": "15%", "status": "identified"}, now, tz)
    assert same.said("scope", "zh") == "网页版的用户无法登录"


def test_a_title_of_ones_own_is_not_lent_another_in_the_other_language(now: dt.datetime, tz: dt.tzinfo) -> None:
    incident = opened(CHOSEN | {"title": "周五大崩溃"}, now, tz)
    assert incident.title == "周五大崩溃"
    assert incident.said("title", "en") == ""


def test_a_made_title_follows_the_effect(now: dt.datetime, tz: dt.tzinfo) -> None:
    after = changed(opened(CHOSEN, now, tz), {"effect": "slow"}, now, tz)
    assert (after.title, after.said("title", "en")) == ("登录缓慢", "Slow sign-in")


def test_the_kind_of_cause_words_it_and_says_whose_fault_it_is(now: dt.datetime, tz: dt.tzinfo) -> None:
    before = opened(CHOSEN | {"cause": "数据库升级后的兼容问题", "cause_kind": "change"}, now, tz)
    assert (before.said("cause", "zh"), before.fault) == ("数据库升级后的兼容问题", "own")
    after = changed(before, {"cause_kind": "供应商"}, now, tz)
    assert (after.said("cause", "en"), after.fault) == ("a failure at one of our suppliers", "supplier")
    assert changed(after, {"cause_kind": "unknown"}, now, tz).said("cause", "zh") == ""


def test_a_service_that_works_again_leaves_the_scope(now: dt.datetime, tz: dt.tzinfo) -> None:
    before = opened(CHOSEN | {"services": "登录、支付"}, now, tz)
    after = changed(before, {"recovered": "sign-in"}, now, tz)
    assert after.said("scope", "zh") == "约 15% 的用户无法付款"
    assert after.composed["en"]["recovered"] == "sign-in"


def test_every_choice_has_a_wording_in_both_languages_that_fits_a_sentence() -> None:
    assert set(CAUSES) == set(CAUSE_FAULTS)
    for choices in (CAUSES, ACTIONS, PREVENTIONS):
        for code, choice in choices.items():
            for lang in ("zh", "en"):
                words = choice.wording(lang)
                assert words or code == "unknown"
                assert words[-1:] not in tuple(".。,，!！")
                assert lang == "zh" or words[:1].islower() or not words
