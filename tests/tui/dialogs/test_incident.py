"""The facts as a form: only what changed goes out, judged by the rules that record it."""

from typing import Any

import pytest

from agent_assist import locale
from agent_assist.incidents import FACT_NAMES, SAYINGS, Eta, Incident
from agent_assist.incidents.apply import apply_facts, new_incident, parse_facts
from agent_assist.incidents.told import missing_wordings
from agent_assist.tui.desk.dialogs.incident_form import IncidentScreen
from agent_assist.tui.forms.collapsible import CollapsibleSection
from tests.conftest import NOW, SHANGHAI
from tests.tui.dialogs.host import HOSTILE, OPEN, SMALL, USUAL, WIDE, Host, incident, later, type_text, until_said


def form(of: Any = "known", **options: Any) -> Host:
    return Host(IncidentScreen(incident() if of == "known" else of, SHANGHAI, clock=lambda: NOW, **options))


def opened(host: Host) -> Incident:
    assert host.answer is not OPEN
    return new_incident(parse_facts(host.answer, NOW, SHANGHAI), now=NOW, author="小李")


def updated(host: Host, before: Incident) -> Incident:
    assert host.answer is not OPEN
    return apply_facts(before, parse_facts(host.answer, NOW, SHANGHAI), now=NOW, author="小李")


async def test_a_new_incident_needs_no_more_than_a_title() -> None:
    host = form(None)
    async with host.run_test(size=WIDE) as pilot:
        await pilot.press("ctrl+s")
        assert "✗ Say what is down: choose a service" in host.said
        host.dialog.field("title.en").focus_answer()
        await type_text(pilot, "Sign-in outage")
        await pilot.press("ctrl+s")
    incident = opened(host)
    assert (incident.title, incident.severity, incident.next_update_due) == ("Sign-in outage", "SEV2", later(30))
    assert incident.effect == "", "an effect without a service says nothing"


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("typed", ["login", "denglu", "dl", "sign"])
async def test_a_new_incident_takes_no_more_than_fifteen_keys_and_is_complete_in_both_languages(
    lang: Any, typed: str
) -> None:
    locale.use(lang)
    keys = [*typed, "enter", "enter", *"15%", "enter", *"45m", "ctrl+s"]
    assert len(keys) <= 15 + (len(typed) > 5)
    host = form(None)
    async with host.run_test(size=USUAL) as pilot:
        await pilot.press(*keys)
    incident = opened(host)
    assert host.answer["services"] == "login", "what is stored does not depend on the language of the interface"
    assert (incident.said("scope", "zh"), incident.said("scope", "en")) == (
        "约 15% 的用户无法登录",
        "about 15% of users cannot sign in",
    )
    assert (incident.said("title", "zh"), incident.said("title", "en")) == ("登录故障", "Sign-in outage")
    assert incident.eta == Eta(at=later(45))
    assert not [*missing_wordings(incident, "zh"), *missing_wordings(incident, "en")]


@pytest.mark.parametrize("lang", ["en", "zh"])
async def test_an_eta_changes_with_seven_keys_and_an_incident_ends_with_five(lang: Any) -> None:
    locale.use(lang)
    host = form(incident(status="investigating"))
    async with host.run_test(size=USUAL) as pilot:
        await pilot.press("up", "ctrl+u", *"45m", "ctrl+s")
    assert host.answer == {"eta": "45m", "next_update": "+30m"}
    host = form(incident(status="investigating"))
    async with host.run_test(size=USUAL) as pilot:
        await pilot.press("right", "right", "right", "ctrl+s")
    assert host.answer == {"status": "resolved"}


async def test_everything_of_a_new_incident_is_on_one_small_screen() -> None:
    host = form(None)
    async with host.run_test(size=USUAL) as pilot:
        await type_text(pilot, "login")
        await pilot.press("enter")
        for shown in ["Affected services", "Share", "ETA", "Severity", "Kind of cause", "Action", "For the team"]:
            assert shown in host.seen
        for shown in ["some users report that they cannot sign in", "目前有用户反映无法登录", "Publish ^S"]:
            assert shown in host.said, shown


async def test_several_services_are_chosen_and_another_may_be_named() -> None:
    host = form(None)
    async with host.run_test(size=WIDE) as pilot:
        await type_text(pilot, "dl,zf, Kiosk")
        await until_said(host, "Not in the service catalogue: Kiosk.")
        await pilot.press("ctrl+s")
    assert host.answer["services"] == "login, payment, Kiosk"


async def test_down_takes_another_one_of_the_services_that_fit() -> None:
    host = form(None)
    async with host.run_test(size=USUAL) as pilot:
        await type_text(pilot, "me")
        first = host.dialog.field("services").answer
        await pilot.press("down", "enter")
        second = host.dialog.field("services").answer
        await pilot.press("ctrl+s")
    assert (first, second) == ("messages", "meetings")
    assert host.answer["services"] == second


async def test_what_customers_are_told_is_shown_while_typing_and_what_one_language_lacks_is_named() -> None:
    host = form(None)
    async with host.run_test(size=WIDE) as pilot:
        assert "Choose what is down" in host.said
        await type_text(pilot, "pay")
        await until_said(host, "some users report that they cannot pay")
        host.dialog.field("who").focus_answer()
        await type_text(pilot, "商家, 华东")
        await until_said(host, "some merchants in East China report that they cannot pay")
        host.dialog.field("workaround.zh").focus_answer()
        await type_text(pilot, "可以先用银行卡")
        await until_said(host, "! Missing in English: Workaround")
        host.dialog.field("workaround.en").focus_answer()
        await type_text(pilot, "please pay by bank card")
        await until_said(host, "Meanwhile: please pay by bank card.")
        assert "Missing in" not in host.said


async def test_words_of_ones_own_are_tidied_and_held_to_being_a_clause() -> None:
    host = form(None)
    async with host.run_test(size=WIDE) as pilot:
        await type_text(pilot, "login")
        host.dialog.field("scope.en").focus_answer()
        await type_text(pilot, "Currently about 40% of users cannot sign in.")
        await until_said(host, "= about 40% of users cannot sign in")
        host.dialog.field("cause.en").focus_answer()
        await type_text(pilot, "an upgrade failed. We are sorry")
        await pilot.press("enter")
        await until_said(host, "“an upgrade failed. We are sorry” is more than")
        await pilot.press("ctrl+s")
        assert host.answer is OPEN
        host.dialog.field("cause.en").focus_answer()
        await pilot.press("ctrl+u")
        await type_text(pilot, "due to an upgrade")
        await pilot.press("ctrl+s")
    assert host.answer["scope.en"] == "about 40% of users cannot sign in"
    assert host.answer["cause.en"] == "an upgrade"
    incident = opened(host)
    assert (incident.scope, incident.cause) == ("", ""), "own words are kept by language"
    assert incident.said("scope", "zh") == "有用户反映无法登录"


async def test_own_words_that_go_because_another_choice_was_made_are_named_before_they_go() -> None:
    before = incident(services=("登录",), effect="down")
    host = form(before)
    async with host.run_test(size=WIDE) as pilot:
        host.dialog.field("share").focus_answer()
        await type_text(pilot, "40%")
        await until_said(host, "! Scope was changed; your own words go: “约 15% 的用户无法登录” (Chinese)")
        await pilot.press("ctrl+s")
    assert updated(host, before).said("scope", "zh") == "约 40% 的用户无法登录"


async def test_an_action_of_ones_own_gives_way_to_one_that_is_chosen_and_can_be_reworded() -> None:
    before = incident(action="工程师正在更换磁盘")
    host = form(before)
    async with host.run_test(size=WIDE) as pilot:
        host.dialog.field("action.zh").focus_answer()
        await pilot.press("ctrl+u")
        await type_text(pilot, "工程师正在更换硬盘")
        await pilot.press("ctrl+s")
    after = updated(host, before)
    assert (after.action, after.said("action", "zh")) == ("", "工程师正在更换硬盘")
    host = form(after)
    async with host.run_test(size=WIDE) as pilot:
        host.dialog.field("action").focus_answer()
        await type_text(pilot, "roll")
        await until_said(host, "your own words go: “工程师正在更换硬盘” (Chinese)")
        await pilot.press("ctrl+s")
    assert host.answer["action"] == "roll-back"
    assert updated(host, after).said("action", "zh") == "工程师正在回滚这次变更"


async def test_what_comes_afterwards_is_asked_when_it_is_near() -> None:
    host = form()
    async with host.run_test(size=WIDE) as pilot:
        assert "What changes" not in host.seen
        await pilot.press("right", "right")
        await until_said(host, "Ended")
        assert "What changes" in host.seen
        assert "Recovered" in host.seen
        assert "ETA" not in host.seen
        host.dialog.field("prevention").focus_answer()
        await pilot.press("right", "ctrl+s")
    assert host.answer == {"status": "resolved", "prevention": "rehearse"}


async def open_words(host: Host, place: int) -> None:
    """Open a folded section."""
    assert isinstance(host.screen, IncidentScreen)
    section = list(host.screen.query(CollapsibleSection))[place]
    await section.set_open(is_open=True)


async def test_only_what_was_changed_is_published_and_the_clock_is_wound_up_again() -> None:
    host = form()
    async with host.run_test() as pilot:
        await pilot.press("right", "ctrl+s")
    assert host.answer == {"status": "monitoring", "next_update": "+30m"}
    after = apply_facts(incident(), parse_facts(host.answer, NOW, SHANGHAI), now=NOW, author="小李")
    assert (after.status, after.next_update_due, after.eta) == ("monitoring", later(30), incident().eta)


async def test_the_form_asks_for_every_fact() -> None:
    host = form()
    async with host.run_test():
        assert isinstance(host.screen, IncidentScreen)
        names = {str(field.name) for field in host.screen.all_fields}
    assert {name.partition(".")[0] for name in names} == set(FACT_NAMES)
    worded = {(saying, lang) for saying in SAYINGS for lang in ("zh", "en")}
    assert {(name.partition(".")[0], name.partition(".")[2]) for name in names if "." in name} == worded


async def test_publishing_without_a_change_publishes_nothing() -> None:
    host = form()
    async with host.run_test() as pilot:
        await pilot.press("ctrl+s")
    assert host.answer == {}


async def test_a_resolved_incident_has_no_next_update() -> None:
    host = form()
    async with host.run_test() as pilot:
        assert "Next update due" in host.seen
        await pilot.press("right", "right")
        await pilot.pause()
        assert "Next update due" not in host.seen
        await pilot.press("ctrl+s")
    assert host.answer == {"status": "resolved"}


async def test_walking_through_the_form_with_the_down_key_changes_nothing() -> None:
    host = form()
    async with host.run_test(size=SMALL) as pilot:
        await pilot.press("up", "up", *["down"] * 12, "ctrl+s")
    assert host.answer == {}


async def test_an_eta_is_echoed_as_it_was_understood() -> None:
    host = form(incident(eta=Eta()))
    async with host.run_test() as pilot:
        host.dialog.field("eta").focus_answer()
        for typed, said in [
            ("+1h", "= 15:10 (in 1 hour)"),
            ("14:30-15:00", "= 14:30–15:00"),
            ("unknown", "Unknown: replies say that no reliable time can be given yet."),
        ]:
            await pilot.press("ctrl+u")
            await type_text(pilot, typed)
            assert said in host.said
        await pilot.press("ctrl+s")
    assert host.answer == {"eta": "unknown", "next_update": "+30m"}


async def test_an_eta_that_cannot_be_read_is_refused_with_examples() -> None:
    host = form(incident(eta=Eta()))
    async with host.run_test() as pilot:
        host.dialog.field("eta").focus_answer()
        await type_text(pilot, "soon")
        await pilot.press("enter")
        assert "✗ “soon” is not a time. An ETA is a time (14:30" in host.said
        await pilot.press("ctrl+s")
        assert host.answer is OPEN


async def test_a_passed_eta_is_pointed_out_but_may_stay() -> None:
    host = form(incident(eta=Eta(at=later(-10))))
    async with host.run_test() as pilot:
        assert "This time has passed, so no reply quotes it." in host.said
        await pilot.press("right", "ctrl+s")
    assert host.answer == {"status": "monitoring", "next_update": "+30m"}


async def test_a_changed_fact_asks_once_for_its_wording_in_the_other_language() -> None:
    host = form()
    async with host.run_test(size=SMALL) as pilot:
        await open_words(host, 1)
        host.dialog.field("scope.zh").focus_answer()
        await type_text(pilot, "和支付")
        await pilot.press("ctrl+s")
        await until_said(host, "Scope changed, this wording did not.")
        assert host.answer is OPEN
        await type_text(pilot, ", or pay")
        await pilot.press("ctrl+s")
    assert host.answer["scope"] == "约 15% 的用户无法登录和支付"
    assert host.answer["scope.en"] == "about 15% of users cannot sign in, or pay"


async def test_the_old_wording_may_stay_on_purpose() -> None:
    host = form()
    async with host.run_test(size=WIDE) as pilot:
        host.dialog.field("scope.zh").focus_answer()
        await type_text(pilot, "和支付")
        await pilot.press("ctrl+s", "ctrl+s")
    assert host.answer == {"scope": "约 15% 的用户无法登录和支付", "next_update": "+30m"}


async def test_the_other_language_stands_beside_where_there_is_room_and_opens_with_a_key_where_not() -> None:
    host = form()
    async with host.run_test(size=WIDE):
        assert "about 15% of users cannot sign in" in host.seen
    host = form()
    async with host.run_test(size=USUAL) as pilot:
        assert "▸ Own words in English (2/7)" in host.seen
        assert "about 15% of users cannot sign in  " not in host.seen
        host.screen.query("CollapsibleHeading").first().focus()
        await pilot.press("enter")
        await pilot.pause()
        assert "about 15% of users cannot sign in" in host.seen


async def test_facts_that_were_not_recorded_come_back_as_typed_with_the_reason() -> None:
    host = form(incident(version=8), typed={"cause": "磁盘已满", "next_update": "+10m"}, problem="老周 published v8.")
    async with host.run_test() as pilot:
        assert "✗ 老周 published v8." in host.seen
        await pilot.press("ctrl+s")
    assert host.answer == {"cause": "磁盘已满", "next_update": "+10m"}


async def test_hostile_facts_are_shown_as_they_are() -> None:
    host = form(incident(title=HOSTILE, cause=HOSTILE, translations={}))
    async with host.run_test(size=SMALL) as pilot:
        assert "[/退款] [bold]A123[/]" in host.seen
        assert "\x1b" not in host.seen
        await pilot.press("right", "ctrl+s")
    assert host.answer == {"status": "monitoring", "next_update": "+30m"}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "typed",
    [
        {
            "services": "login, payment, Kiosk",
            "effect": "slow",
            "share": "some",
            "who": "merchants, region:east-china, version:5.2",
            "severity": "SEV1",
            "status": "monitoring",
            "recovered": "login",
            "action.zh": "工程师正在更换硬盘",
            "next_update": "+10m",
            "rhythm": "30",
        },
        {
            "title": "支付故障",
            "title.en": "Payments outage",
            "severity": "SEV2",
            "status": "investigating",
            "next_update": "+30m",
            "rhythm": "30",
        },
    ],
)
async def test_choices_that_were_not_recorded_come_back_as_they_were(lang: Any, typed: dict[str, str]) -> None:
    locale.use(lang)
    host = form(None, typed=typed, problem="The database cannot be reached.")
    async with host.run_test(size=WIDE) as pilot:
        await pilot.press("ctrl+s")
    assert host.answer == typed
