"""The facts as a form: only what changed goes out, judged by the rules that record it."""

from typing import Any

from agent_assist.incidents import FACT_NAMES, Eta
from agent_assist.incidents.apply import apply_facts, new_incident, parse_facts
from agent_assist.tui.desk.dialogs.incident_form import IncidentScreen
from tests.conftest import NOW, SHANGHAI
from tests.tui.dialogs.host import HOSTILE, OPEN, SMALL, USUAL, WIDE, Host, incident, later, type_text, until_said


def form(of: Any = "known", **options: Any) -> Host:
    return Host(IncidentScreen(incident() if of == "known" else of, SHANGHAI, clock=lambda: NOW, **options))


async def test_a_new_incident_needs_no_more_than_a_title() -> None:
    host = form(None)
    async with host.run_test() as pilot:
        await pilot.press("ctrl+s")
        assert "✗ An incident needs a title. For example" in host.seen
        await type_text(pilot, "Sign-in outage")
        await pilot.press("ctrl+s")
    assert host.answer is not OPEN
    opened = new_incident(parse_facts(host.answer, NOW, SHANGHAI), now=NOW, author="小李")
    assert (opened.title, opened.severity, opened.next_update_due) == ("Sign-in outage", "SEV2", later(30))


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
    chosen = {"effect", "share", "who", "recovered", "cause_kind", "action", "prevention", "ended"}
    assert {name for name in names if "." not in name} == set(FACT_NAMES) - chosen


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
        await pilot.press("up", "up", *["down"] * 8, "ctrl+s")
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
        host.dialog.field("scope").focus_answer()
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
    async with host.run_test() as pilot:
        host.dialog.field("scope").focus_answer()
        await pilot.press("!", "ctrl+s", "ctrl+s")
    assert host.answer == {"scope": "约 15% 的用户无法登录!", "next_update": "+30m"}


async def test_the_other_language_stands_beside_where_there_is_room_and_opens_with_a_key_where_not() -> None:
    host = form()
    async with host.run_test(size=WIDE):
        assert "about 15% of users cannot sign in" in host.seen
    host = form()
    async with host.run_test(size=USUAL) as pilot:
        assert "▸ In English (2/5)" in host.seen
        assert "about 15% of users" not in host.seen
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
